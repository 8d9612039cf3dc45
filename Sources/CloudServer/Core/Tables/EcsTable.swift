// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions of elastic compute.
    static let compute = #"""
        version 2014-05-26
        action AuthorizeSecurityGroup P1 sync
        action CreateNetworkInterface P2 sync
        action CreateSecurityGroup P1 sync token
         Description s len..256
         ResourceGroupId s
         SecurityGroupName s len2..128
         SecurityGroupType s |normal|enterprise =normal
         Tag a:o n..20
          Key s len..128
          Value s len..128
         VpcId s
        action DeleteInstances P1 sync
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
        action DescribeSecurityGroups P1 sync dry
         PageNumber i 1.. =1
         PageSize i 1..100 =10
         ResourceGroupId s
         SecurityGroupId s
         SecurityGroupIds s
         SecurityGroupName s
         SecurityGroupType s |normal|enterprise
         Tag a:o n..20
          Key s len..128
          Value s len..128
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
        action RevokeSecurityGroup P1 sync
        action RunInstances P1 sync
        """#
}
