// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions of elastic compute.
    static let compute = #"""
        version 2014-05-26
        fragment Permission
         Description s len..512
         DestCidrIp s
         IpProtocol s
         Ipv6DestCidrIp s
         Ipv6SourceCidrIp s
         NicType s
         Policy s
         PortRange s
         PortRangeListId s
         Priority s
         SourceCidrIp s
         SourceGroupId s
         SourceGroupOwnerAccount s
         SourceGroupOwnerId i
         SourcePortRange s
         SourcePrefixListId s
        action AuthorizeSecurityGroup P1 sync token
         @Permission
         Permissions a:o n..100 @Permission
         RegionId s
         SecurityGroupId s!
        action CreateNetworkInterface P2 sync
        action CreateSecurityGroup P1 sync token
         Description s len..256
         ResourceGroupId s
         SecurityGroupName s len2..128
         SecurityGroupType s |normal|enterprise =normal
         Tag a:o n..20 @Tag
         VpcId s
        action DeleteInstances P1 sync token dry
         Force b =false
         ForceStop b =true
         InstanceId a:s! n..100
         RegionId s
         TerminateSubscription b =false
        action DeleteNetworkInterface P2 sync
        action DeleteSecurityGroup P1 sync
         SecurityGroupId s!
        action DescribeInstanceAttribute P1 sync
         InstanceId s!
        action DescribeInstanceStatus P2 sync
        action DescribeInstances P0 sync dry
         Filter a:o
          Key s
          Value s
         AdditionalAttributes a:s n..5
         DeviceAvailable b
         EipAddresses s
         HpcClusterId s
         HttpEndpoint s =enabled
         HttpPutResponseHopLimit i
         HttpTokens s =optional
         ImageId s
         InnerIpAddresses s
         InstanceChargeType s
         InstanceIds s
         InstanceName s
         InstanceNetworkType s
         InstanceType s
         InstanceTypeFamily s
         InternetChargeType s
         IoOptimized b
         Ipv6Address a:s n..100
         KeyPairName s
         LockReason s
         MaxResults i 1..100
         NeedSaleCycle b
         NextToken s
         PageNumber i 1..
         PageSize i 1..100
         PrivateIpAddresses s
         PublicIpAddresses s
         RdmaIpAddresses s
         ResourceGroupId s
         SecurityGroupId s
         Status s
         Tag a:o n..20
          Key s 1..20
          Value s 1..20
         VSwitchId s
         VpcId s
         ZoneId s
        action DescribeNetworkInterfaceAttribute P1 sync
         Attribute s
         NetworkInterfaceId s!
        action DescribeNetworkInterfaces P0 sync
         InstanceId s
         Ipv6Address a:s n..1000
         MaxResults i 10..500
         NetworkInterfaceId a:s n..1000
         NetworkInterfaceName s len2..128
         NextToken s
         PageNumber i
         PageSize i
         PrimaryIpAddress s
         PrivateIpAddress a:s n..100
         ResourceGroupId s
         SecurityGroupId s
         ServiceManaged b
         Status s
         Tag a:o n..20
          Key s 1..20
          Value s 1..20
         Type s
         VSwitchId s
         VpcId s
        action DescribeRegions P1 sync
         AcceptLanguage s =zh
         InstanceChargeType s =PostPaid
         ResourceType s =instance
        action DescribeSecurityGroupAttribute P1 sync
         Attribute s
         Direction s |all|ingress|egress =all
         MaxResults i 10..1000 =500
         NextToken s
         NicType s |internet|intranet
         RegionId s
         SecurityGroupId s!
        action DescribeSecurityGroups P1 sync dry
         PageNumber i 1.. =1
         PageSize i 1..100 =10
         ResourceGroupId s
         SecurityGroupId s
         SecurityGroupIds s
         SecurityGroupName s
         SecurityGroupType s |normal|enterprise
         Tag a:o n..20 @Tag
         VpcId s
        action DescribeVSwitches P2 sync
         IsDefault b
         PageNumber i 1.. =1
         PageSize i 1..50 =10
         VSwitchId s
         VpcId s
         ZoneId s
        action DescribeVpcs P2 sync
         IsDefault b
         PageNumber i 1.. =1
         PageSize i 1..50 =10
         VpcId s
        action DescribeZones P1 sync
         AcceptLanguage s =zh
         InstanceChargeType s =PostPaid
         SpotStrategy s =NoSpot
         Verbose b =true
        action RevokeSecurityGroup P1 sync token
         @Permission
         Permissions a:o n..100 @Permission
         RegionId s
         SecurityGroupId s!
         SecurityGroupRuleId a:s n..100
        action RunInstances P1 sync token dry
         Amount i 1..100 =1
         DeletionProtection b =false
         Description s len2..256
         HostName s len2..64
         HostNames a:s n..1000
         ImageFamily s len2..128
         ImageId s
         InstanceChargeType s |PostPaid|PrePaid =PostPaid
         InstanceName s len2..128
         InstanceType s
         InternetMaxBandwidthOut i 0..100 =0
         KeyPairName s
         LaunchTemplateId s
         LaunchTemplateName s
         LaunchTemplateVersion i
         MinAmount i 1..100
         Password s len8..30
         PrivateIpAddress s
         RegionId s
         ResourceGroupId s
         SecurityGroupId s
         SecurityGroupIds a:s n..16
         SpotStrategy s |NoSpot|SpotWithPriceLimit|SpotAsPriceGo =NoSpot
         SystemDisk o
          Category s
          Description s len2..256
          DiskName s len2..128
          Size s
         DataDisk a:o n..16
          Category s
          DeleteWithInstance b
          DiskName s len2..128
          Size i 1..
         Tag a:o n..20 @Tag
         UniqueSuffix b =false
         UserData s
         VSwitchId s
         ZoneId s
        """#
}
