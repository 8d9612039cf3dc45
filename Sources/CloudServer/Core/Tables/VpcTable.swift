// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions of the virtual private cloud.
    static let network = #"""
        version 2016-04-28
        action AllocateEipAddress P1 sync token
         Bandwidth s
         Description s len..256
         ISP s |BGP|BGP_PRO|ChinaTelecom|ChinaUnicom|ChinaMobile|ChinaTelecom_L2|ChinaUnicom_L2|ChinaMobile_L2 =BGP
         InstanceChargeType s |PrePaid|PostPaid =PostPaid
         InternetChargeType s |PayByBandwidth|PayByTraffic =PayByBandwidth
         Name s len..128
         ResourceGroupId s
         Tag a:o n..20 @Tag
        action AssociateEipAddress P2 sync
        action CreateCommonBandwidthPackage P2 sync token
         Bandwidth i! 1..1000
         Description s len..256
         ISP s |BGP|BGP_PRO|ChinaTelecom|ChinaUnicom|ChinaMobile|ChinaTelecom_L2|ChinaUnicom_L2|ChinaMobile_L2 =BGP
         InternetChargeType s |PayByBandwidth|PayBy95|PayByDominantTraffic =PayByBandwidth
         Name s len..128
         Ratio i 0..100
         ResourceGroupId s
         Tag a:o n..20 @Tag
        action CreateVSwitch P1 sync token
         CidrBlock s!
         CidrMask i
         Description s len1..256 ~description
         Ipv6CidrBlock i 0..255
         Ipv6CidrMask i
         Tag a:o n..21
          Key s len..128
          Value s len..128
         VSwitchName s len1..128
         VpcId s!
         VpcIpv6CidrBlock s
         ZoneId s!
        action CreateVpc P1 sync token dry
         CidrBlock s =172.16.0.0/12
         Description s len1..256 ~description
         EnableDnsHostname b =false
         EnableIpv6 b =false
         Ipv4CidrMask i
         Ipv4IpamPoolId s
         Ipv6CidrBlock s
         Ipv6CidrMask i
         Ipv6IpamPoolId s
         Ipv6Isp s |BGP|ChinaMobile|ChinaUnicom|ChinaTelecom =BGP
         ResourceGroupId s
         Tag a:o n..21
          Key s len..128
          Value s len..128
         UserCidr s
         VpcName s len1..128
        action DeleteCommonBandwidthPackage P2 sync
         BandwidthPackageId s!
         Force s
        action DeleteVSwitch P1 sync dry
         VSwitchId s!
        action DeleteVpc P1 sync token dry
         ForceDelete b =false
         VpcId s!
        action DescribeCommonBandwidthPackages P1 sync dry
         BandwidthPackageId s
         Name s len..128
         PageNumber i 1.. =1
         PageSize i 1..50 =10
         ResourceGroupId s
         Tag a:o n..20 @Tag
        action DescribeEipAddresses P1 sync dry
         AllocationId s
         AssociatedInstanceId s
         AssociatedInstanceType s
         EipAddress s
         EipName s
         PageNumber i 1.. =1
         PageSize i 1..100 =10
         ResourceGroupId s
         Status s
         Tag a:o n..20 @Tag
        action DescribeRegions P1 sync
         AcceptLanguage s |zh-CN|en-US =zh-CN
         ProductType s =VPC
        action DescribeRouteEntryList P2 sync
        action DescribeRouteTableList P2 sync
        action DescribeVSwitchAttributes P1 sync dry
         VSwitchId s!
        action DescribeVSwitches P0 sync dry
         EnableIpv6 b
         IsDefault b
         PageNumber i 1.. =1
         PageSize i 1..50 =10
         ResourceGroupId s
         RouteTableId s
         Tag a:o n..20 @Tag
         VSwitchId s
         VSwitchName s len1..128
         VSwitchOwnerId l
         VpcId s
         ZoneId s
        action DescribeVpcAttribute P1 sync dry
         IsDefault b =false
         VpcId s!
        action DescribeVpcs P1 sync dry
         DhcpOptionsSetId s
         EnableIpv6 b
         IsDefault b =true
         PageNumber i 1.. =1
         PageSize i 1..50 =10
         ResourceGroupId s
         Tag a:o n..20 @Tag
         VpcId s
         VpcName s
         VpcOwnerId l
         AdvancedFeature b
        action DescribeZones P1 sync
         AcceptLanguage s |zh-cn|en-us|ja
         ZoneType s =AvailabilityZone
        action ListTagResources P2 sync
        action ModifyVSwitchAttribute P2 sync
        action ModifyVpcAttribute P2 sync
        action ReleaseEipAddress P1 sync
         AllocationId s!
        action TagResources P2 sync
        action UnTagResources P2 sync
        action UnassociateEipAddress P2 sync
        """#
}
