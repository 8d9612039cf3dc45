// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions of the certificate service, in its three generations.
    static let certificates = #"""
        version 2020-06-19
        action CreateSSLCertificate P2 sync
        action CreateSSLCertificateWithName P0 sync
         CertName s!
         Certificate s!
         PrivateKey s!
        action DeleteSSLCertificate P0 sync
         CertIdentifier s!
        action DescribeSSLCertificateCount P2 sync
        action DescribeSSLCertificateList P0 sync
         CurrentPage i 1..
         SearchValue s
         ShowSize i 1..
        action DescribeSSLCertificateMatchDomainList P2 sync
        action DescribeSSLCertificatePrivateKey P2 sync
        action DescribeSSLCertificatePublicKeyDetail P0 sync
         CertIdentifier s!
        action UploadSSLCertificate P2 sync

        version 2020-04-07
        action DeleteUserCertificate P1 sync token
         CertId l!
        action DescribeCertificateState P2 sync
        action GetUserCertificateDetail P1 sync
         CertFilter b =false
         CertId l!
        action ListCert P1 sync
         CertType s
         CurrentPage l 1..
         Identifiers s
         KeyWord s
         ShowSize l 1..
         SourceType s
         Status s
         WarehouseId l
        action ListCertWarehouse P2 sync
        action ListTagResources P2 sync
        action ListUserCertificateOrder P1 sync
         CurrentPage l
         Keyword s
         OrderType s |CPACK|BUY|UPLOAD|CERT =CPACK
         ResourceGroupId s
         ShowSize l =50
         Status s |PAYED|CHECKING|CHECKED_FAIL|ISSUED|WILLEXPIRED|EXPIRED|NOTACTIVATED|REVOKED
        action MoveResourceGroup P2 sync
        action TagResources P2 sync
        action UntagResources P2 sync
        action UploadUserCertificate P1 sync token
         Cert s
         EncryptCert s
         EncryptPrivateKey s
         Key s
         Name s!
         ResourceGroupId s
         SignCert s
         SignPrivateKey s
         Tags a:o
          Key s
          Value s

        version 2018-07-13
        action CreateUserCertificate P2 sync
        action DeleteUserCertificate P2 sync
         CertId i
         SourceIp s
         Lang s
        action DescribeUserCertificateDetail P2 sync
        action DescribeUserCertificateList P2 sync
        """#
}
