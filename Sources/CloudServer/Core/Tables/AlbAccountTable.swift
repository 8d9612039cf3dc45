// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on jobs, tags, regions and zones.
    static let albAccount = #"""
        action DescribeRegions P1 sync
         AcceptLanguage s |zh-CN|en-US|ja =zh-CN

        action DescribeZones P0 sync
         AcceptLanguage s |zh-CN|en-US|ja =zh-CN

        action ListAsynJobs P0 sync
         ApiName s
         BeginTime l
         EndTime l
         JobIds a:s n..10
         MaxResults i 1..100 =20
         NextToken s
         ResourceIds a:s n..10
         ResourceType s |loadbalancer|listener|rule|acl|securitypolicy|servergroup

        action ListTagKeys P1 sync
         Category s |Custom|System|All =All
         Keyword s len..128
         MaxResults i 1..100 =20
         NextToken s
         ResourceType s! |loadbalancer|servergroup|acl|securitypolicy|listener|rule|healthchecktemplate|ascript

        action ListTagResources P1 sync
         MaxResults i 1..100 =20
         NextToken s
         ResourceId a:s n1..50
         ResourceType s! |loadbalancer|servergroup|acl|securitypolicy|listener|rule|healthchecktemplate|ascript
         Tag a:o n1..20 @Tag

        action ListTagValues P1 sync
         MaxResults i 1..100 =20
         NextToken s
         ResourceId s
         ResourceType s |loadbalancer|servergroup|acl|securitypolicy|listener|rule|healthchecktemplate|ascript
         TagKey s! len..128

        action MoveResourceGroup P0 sync
         NewResourceGroupId s!
         ResourceId s!
         ResourceType s! |loadbalancer|servergroup|acl|securitypolicy|healthchecktemplate

        action TagResources P0 sync
         ResourceId a:s! n1..50
         ResourceType s! |loadbalancer|servergroup|acl|securitypolicy|listener|rule|healthchecktemplate|ascript
         Tag a:o! n1..20 @Tag

        action UnTagResources P0 sync
         All b
         ResourceId a:s! n1..50
         ResourceType s! |loadbalancer|servergroup|acl|securitypolicy|listener|rule|healthchecktemplate|ascript
         Tag a:o n1..20 @Tag
         TagKey a:s n1..20
        """#
}
