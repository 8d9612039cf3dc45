// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on load balancers.
    static let albLoadBalancer = #"""
        action AttachCommonBandwidthPackageToLoadBalancer P0 job token dry
         BandwidthPackageId s!
         LoadBalancerId s!

        action CancelShiftLoadBalancerZones P1 async-no-job token dry
         LoadBalancerId s!
         ZoneMappings a:o! n1..1 @ZonePair

        action CreateLoadBalancer P0 async-no-job token dry
         AddressAllocatedMode s |Fixed|Dynamic =Fixed
         AddressIpVersion s |IPv4|DualStack
         AddressType s! |Internet|Intranet
         DeletionProtectionEnabled b =false
         LoadBalancerBillingConfig o!
          BandwidthPackageId s
          InternetBandwidth s
          InternetChargeType s
          PayType s! |PostPay
         LoadBalancerEdition s! |Basic|Standard|StandardWithWaf
         LoadBalancerName s len2..128 ~name
         ModificationProtectionConfig o @ModificationProtectionConfig
         ResourceGroupId s
         SecurityGroupIds a:o
          SecurityGroupId s
         Tag a:o @Tag
         VpcId s!
         ZoneMappings a:o! n1..10 @ZoneMapping

        action DeleteLoadBalancer P0 job token dry
         LoadBalancerId s!
         RetainResourceType a:s

        action DescribeCapacityReservation P2 sync
         LoadBalancerId s!

        action DetachCommonBandwidthPackageFromLoadBalancer P0 job token dry
         BandwidthPackageId s!
         LoadBalancerId s!

        action DisableDeletionProtection P0 sync token dry
         ResourceId s!

        action DisableLoadBalancerAccessLog P0 sync token dry
         LoadBalancerId s!

        action DisableLoadBalancerIpv6Internet P0 job token dry
         LoadBalancerId s!

        action EnableDeletionProtection P0 sync token dry
         ResourceId s!

        action EnableLoadBalancerAccessLog P0 job token dry
         LoadBalancerId s!
         LogProject s!
         LogStore s!

        action EnableLoadBalancerIpv6Internet P0 job token dry
         LoadBalancerId s!

        action GetLoadBalancerAttribute P0 sync
         LoadBalancerId s!

        action ListLoadBalancers P0 sync
         AddressIpVersion s |IPv4|DualStack
         AddressType s |Internet|Intranet
         DNSName s
         Ipv6AddressType s |Internet|Intranet
         LoadBalancerBussinessStatus s |Abnormal|Normal
         LoadBalancerIds a:s n1..20
         LoadBalancerNames a:s n1..10
         LoadBalancerStatus s |Inactive|Active|Provisioning|Configuring|CreateFailed
         MaxResults i 1..100 =20
         NextToken s
         PayType s |PostPay =PostPay
         ResourceGroupId s
         Tag a:o n1..20 @ShortTag
         VpcIds a:s n1..10
         ZoneId s
         LoadBalancerEditions a:s
         Address s
         InternetChargeType s

        action LoadBalancerJoinSecurityGroup P1 job token dry
         LoadBalancerId s!
         SecurityGroupIds a:s! n..20

        action LoadBalancerLeaveSecurityGroup P1 job token dry
         LoadBalancerId s!
         SecurityGroupIds a:s! n..4

        action ModifyCapacityReservation P2 sync token dry
         LoadBalancerId s!
         MinimumLoadBalancerCapacity o
          CapacityUnits i
         ResetCapacityReservation b =false

        action StartShiftLoadBalancerZones P1 async-no-job token dry
         LoadBalancerId s!
         ZoneMappings a:o! n1..1 @ZonePair

        action UpdateLoadBalancerAddressTypeConfig P0 job token dry
         AddressType s! |Internet|Intranet
         LoadBalancerId s!
         RetainResourceType a:s
         ZoneMappings a:o
          AllocationId s!
          EipType s |Common
          VSwitchId s
          ZoneId s

        action UpdateLoadBalancerAttribute P0 job token dry
         LoadBalancerId s!
         LoadBalancerName s len2..128 ~name
         ModificationProtectionConfig o @ModificationProtectionConfig

        action UpdateLoadBalancerEdition P0 async-no-job token dry
         LoadBalancerEdition s! |Basic|Standard|StandardWithWaf
         LoadBalancerId s!

        action UpdateLoadBalancerZones P1 job token dry
         LoadBalancerId s!
         RetainResourceType a:s
         ZoneMappings a:o! n1..10 @ZoneMapping
        """#
}
