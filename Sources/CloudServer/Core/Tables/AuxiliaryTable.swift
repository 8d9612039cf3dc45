// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions of the token, tag and log services.
    static let auxiliary = #"""
        version 2015-04-01
        action AssumeRole P1 sync
         DurationSeconds l
         Policy s
         RoleArn s!
         RoleSessionName s!
         ExternalId s
        action GetCallerIdentity P1 sync

        version 2018-08-28
        action ListResourcesByTag P2 sync
        action ListSupportResourceTypes P2 sync
        action ListTagKeys P2 sync
        action ListTagResources P1 sync
         Category s
         NextToken s
         PageSize i 1..1000
         RegionId s!
         ResourceARN a:s n..50
         Tags s
        action ListTagValues P2 sync
        action TagResources P1 sync
         RegionId s!
         ResourceARN a:s! n1..50
         Tags s!
        action UntagResources P1 sync
         RegionId s!
         ResourceARN a:s! n1..50
         TagKey a:s! n1..20

        version 2019-10-23
        action AnalyzeProductLog P0 sync
         CloudProduct s
         Project s
         Logstore s
         Region s
         Lang s
        action CloseProductDataCollection P0 sync
         DataType s!
         InstanceRegion s!
         InstanceId s!
        action OpenProductDataCollection P0 sync
         DataType s!
         InstanceRegion s!
         InstanceId s!
         TargetSLSRegion s!
         TargetProject s!
         TargetStore s!
        """#
}
