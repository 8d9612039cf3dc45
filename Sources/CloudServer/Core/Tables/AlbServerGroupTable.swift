// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on server groups and their servers.
    static let albServerGroup = #"""
        action AddServersToServerGroup P0 job token dry
         ServerGroupId s!
         Servers a:o! n1..200
          Description s len2..256 ~description
          Port i 1..65535
          RemoteIpEnabled b
          ServerId s!
          ServerIp s
          ServerType s! |Ecs|Eni|Eci|Ip|Fc
          Weight i 0..100

        action ApplyHealthCheckTemplateToServerGroup P1 job token dry
         HealthCheckTemplateId s!
         ServerGroupId s!

        action CreateServerGroup P0 job token dry
         ConnectionDrainConfig o @ConnectionDrainConfig
         CrossZoneEnabled b
         HealthCheckConfig o!
          HealthCheckCodes a:s
          HealthCheckConnectPort i 0..65535 =0
          HealthCheckEnabled b!
          HealthCheckHost s len1..80 =$SERVER_IP
          HealthCheckHttpCodes a:s
          HealthCheckHttpVersion s |HTTP1.0|HTTP1.1 =HTTP1.1
          HealthCheckInterval i 1..50 =2
          HealthCheckMethod s |GET|POST|HEAD =HEAD
          HealthCheckPath s len1..80 ~check-path
          HealthCheckProtocol s |HTTP|HTTPS|TCP|gRPC =HTTP
          HealthCheckTcpFastCloseEnabled s
          HealthCheckTimeout i 1..300 =5
          HealthyThreshold i 2..10 =3
          UnhealthyThreshold i 2..10 =3
         IpVersionAffinityMode s
         Ipv6Enabled b
         Protocol s |HTTP|HTTPS|gRPC =HTTP
         ResourceGroupId s
         Scheduler s |Wrr|Wlc|Sch|Uch =Wrr
         ServerGroupName s! len2..128 ~name
         ServerGroupType s |Instance|Ip|Fc =Instance
         ServiceName s
         SlowStartConfig o @SlowStartConfig
         StickySessionConfig o @StickySessionConfig
         Tag a:o @Tag
         UchConfig o @UchConfig
         UpstreamKeepaliveEnabled b =false
         VpcId s

        action DeleteServerGroup P0 job token dry
         ServerGroupId s!

        action ListServerGroupServers P0 sync
         MaxResults i 1..1000 =20
         NextToken s
         ServerGroupId s
         ServerIds a:s n1..20
         Tag a:o @ShortTag
         ServerIp s
         ServerId s

        action ListServerGroups P0 sync
         MaxResults i 1..100 =20
         NextToken s
         ResourceGroupId s
         ServerGroupIds a:s n..20
         ServerGroupNames a:s n..10
         ServerGroupType s |Instance|Ip|Fc
         Tag a:o @ShortTag
         VpcId s
         ShowRelationEnabled b

        action RemoveServersFromServerGroup P0 job token dry
         ServerGroupId s!
         Servers a:o! n1..200
          Port i! 1..65535
          ServerId s!
          ServerIp s
          ServerType s! |Ecs|Eni|Eci|Ip|Fc

        action ReplaceServersInServerGroup P0 job token dry
         AddedServers a:o! n1..200
          Description s len2..256 ~description
          Port i! 1..65535
          RemoteIpEnabled s
          ServerId s!
          ServerIp s
          ServerType s! |Ecs|Eni|Eci|Ip|Fc
          Weight i 0..100
         RemovedServers a:o! n1..200
          Port i! 1..65535
          ServerId s!
          ServerIp s
          ServerType s! |Ecs|Eni|Eci|Ip
         ServerGroupId s!

        action UpdateServerGroupAttribute P0 job token dry
         ConnectionDrainConfig o @ConnectionDrainConfig
         CrossZoneEnabled b
         HealthCheckConfig o
          HealthCheckCodes a:s
          HealthCheckConnectPort i 0..65535
          HealthCheckEnabled b
          HealthCheckHost s len1..80
          HealthCheckHttpCodes a:s
          HealthCheckHttpVersion s |HTTP1.0|HTTP1.1
          HealthCheckInterval i 1..50
          HealthCheckMethod s |GET|POST|HEAD
          HealthCheckPath s len1..80 ~check-path
          HealthCheckProtocol s |HTTP|HTTPS|TCP|gRPC
          HealthCheckTcpFastCloseEnabled s
          HealthCheckTimeout i 1..300
          HealthyThreshold i 2..10
          UnhealthyThreshold i 2..10
         IpVersionAffinityMode s
         Scheduler s |Wrr|Wlc|Sch|Uch
         ServerGroupId s!
         ServerGroupName s len2..128 ~name
         ServiceName s
         SlowStartConfig o @SlowStartConfig
         StickySessionConfig o @StickySessionConfig
         UchConfig o @UchConfig
         UpstreamKeepaliveEnabled b

        action UpdateServerGroupServersAttribute P1 job token dry
         ServerGroupId s!
         Servers a:o! n1..200
          Description s len2..256 ~description
          Port i 1..65535
          ServerId s!
          ServerIp s
          ServerType s! |Ecs|Eni|Eci|Ip|Fc
          Weight i 0..100
        """#
}
