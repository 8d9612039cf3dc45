// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Blocks of parameters that several load balancer actions share.
    static let albFragments = #"""
        fragment ZonePair
         VSwitchId s!
         ZoneId s!

        fragment Tag
         Key s len..128
         Value s len..128

        fragment DefaultActions
         ForwardGroupConfig o!
          ServerGroupTuples a:o! n1..1
           ServerGroupId s!
         Type s! |ForwardGroup

        fragment QuicConfig
         QuicListenerId s
         QuicUpgradeEnabled b

        fragment XForwardedForConfig
         XForwardedForClientCertClientVerifyAlias s len1..40
         XForwardedForClientCertClientVerifyEnabled b
         XForwardedForClientCertFingerprintAlias s len1..40
         XForwardedForClientCertFingerprintEnabled b
         XForwardedForClientCertIssuerDNAlias s len1..40
         XForwardedForClientCertIssuerDNEnabled b
         XForwardedForClientCertSubjectDNAlias s len1..40
         XForwardedForClientCertSubjectDNEnabled b
         XForwardedForClientSourceIpsEnabled b
         XForwardedForClientSourceIpsTrusted s
         XForwardedForClientSrcPortEnabled b
         XForwardedForEnabled b
         XForwardedForHostEnabled b
         XForwardedForProcessingMode s |append|remove
         XForwardedForProtoEnabled b
         XForwardedForSLBIdEnabled b
         XForwardedForSLBPortEnabled b

        fragment ModificationProtectionConfig
         Reason s len2..128 ~name
         Status s |NonProtection|ConsoleProtection

        fragment ZoneMapping
         AllocationId s
         EipType s |Common|Anycast
         IntranetAddress s
         VSwitchId s!
         ZoneId s!

        fragment RuleActions
         CorsConfig o @CorsConfig
         FixedResponseConfig o @FixedResponseConfig
         ForwardGroupConfig o
          ServerGroupStickySession o @ServerGroupStickySession
          ServerGroupTuples a:o n1..5 @ServerGroupTuples
         InsertHeaderConfig o @InsertHeaderConfig
         Order i 1..50000
         RedirectConfig o @RedirectConfig
         RemoveHeaderConfig o
          Key s len1..40
         RewriteConfig o @RewriteConfig
         TrafficLimitConfig o @TrafficLimitConfig
         TrafficMirrorConfig o @TrafficMirrorConfig
         Type s! |ForwardGroup|Redirect|FixedResponse|Rewrite|InsertHeader|RemoveHeader|TrafficLimit|TrafficMirror|Cors

        fragment CorsConfig
         AllowCredentials s |on|off
         AllowHeaders a:s
         AllowMethods a:s
         AllowOrigin a:s
         ExposeHeaders a:s
         MaxAge l -1..172800

        fragment FixedResponseConfig
         Content s len..1024
         ContentType s |text/plain|text/css|text/html|application/javascript|application/json
         HttpCode s ~final-status

        fragment ServerGroupStickySession
         Enabled b
         Timeout i 1..86400

        fragment ServerGroupTuples
         ServerGroupId s
         Weight i 0..100

        fragment InsertHeaderConfig
         CoverEnabled b
         Key s len1..40 ~inserted-header
         Value s len1..128
         ValueType s |UserDefined|ReferenceHeader|SystemDefined

        fragment RedirectConfig
         Host s len3..256
         HttpCode s |301|302|303|307|308
         Path s len1..256
         Port s ~redirect-port
         Protocol s |HTTP|HTTPS|${protocol}
         Query s len1..128

        fragment RewriteConfig
         Host s len3..256
         Path s len1..256
         Query s len1..128

        fragment TrafficLimitConfig
         PerIpQps i 1..1000000
         QPS i 1..1000000

        fragment TrafficMirrorConfig
         MirrorGroupConfig o @MirrorGroupConfig
         TargetType s |ForwardGroupMirror

        fragment MirrorGroupConfig
         ServerGroupTuples a:o
          ServerGroupId s

        fragment RuleConditions
         CookieConfig o @CookieConfig
         HeaderConfig o @HeaderConfig
         HostConfig o
          Values a:s n..10 len3..128 ~host-pattern
         MethodConfig o
          Values a:s n..10 |HEAD|GET|POST|OPTIONS|PUT|PATCH|DELETE
         PathConfig o
          Values a:s n..10 len1..128 ~path-pattern
         QueryStringConfig o @QueryStringConfig
         ResponseHeaderConfig o @ResponseHeaderConfig
         ResponseStatusCodeConfig o
          Values a:s n..10
         SourceIpConfig o
          Values a:s n..5 ~cidr
         Type s! |Host|Path|Header|QueryString|Method|Cookie|SourceIp|ResponseHeader|ResponseStatusCode

        fragment CookieConfig
         Values a:o n..10
          Key s len1..100
          Value s len1..128

        fragment HeaderConfig
         Key s len1..40 ~header-key
         Values a:s n..10 len1..128

        fragment QueryStringConfig
         Values a:o n..10
          Key s len1..100
          Value s len1..128

        fragment ResponseHeaderConfig
         Key s len1..40
         Values a:s n..10

        fragment ConnectionDrainConfig
         ConnectionDrainEnabled b
         ConnectionDrainTimeout i 0..900

        fragment SlowStartConfig
         SlowStartDuration i 30..900
         SlowStartEnabled b

        fragment StickySessionConfig
         Cookie s len1..200
         CookieTimeout i 1..86400
         StickySessionEnabled b
         StickySessionType s |Insert|Server

        fragment UchConfig
         Type s |QueryString
         Value s

        fragment ShortTag
         Key s len..64
         Value s len..128
        """#
}
