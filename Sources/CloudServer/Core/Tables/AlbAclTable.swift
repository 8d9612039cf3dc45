// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on access control lists.
    static let albAcl = #"""
        action AddEntriesToAcl P0 job token dry
         AclEntries a:o! n1..20
          Description s len2..256 ~description
          Entry s! ~cidr
         AclId s!

        action AssociateAclsWithListener P0 job token dry
         AclIds a:s! n..20
         AclType s! |White|Black
         ListenerId s!

        action CreateAcl P0 job token dry
         AclName s len2..128 ~name
         ResourceGroupId s
         Tag a:o @Tag
         AddressIpVersion s

        action DeleteAcl P0 job token dry
         AclId s!

        action DissociateAclsFromListener P0 job token dry
         AclIds a:s! n..20
         ListenerId s!

        action ListAclEntries P0 sync
         AclId s!
         MaxResults i 1..100 =20
         NextToken s

        action ListAclRelations P0 sync
         AclIds a:s! n1..5

        action ListAcls P0 sync
         AclIds a:s n..20
         AclNames a:s n..10
         MaxResults i 1..100 =20
         NextToken s
         ResourceGroupId s
         Tag a:o @Tag
         AddressIPVersion s

        action RemoveEntriesFromAcl P0 job token dry
         AclId s!
         Entries a:s! n1..20 ~cidr

        action UpdateAclAttribute P1 sync token dry
         AclId s!
         AclName s! len2..128 ~name
        """#
}
