// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on security policies, health check templates and scripts.
    static let albPolicy = #"""
        action CreateAScripts P1 job token dry
         AScripts a:o
          AScriptName s! len2..128 ~name
          Enabled b
          ExtAttributeEnabled b
          ExtAttributes a:o
           AttributeKey s |EsDebug
           AttributeValue s len1..128
          Position s |RequestHead|RequestFoot|ResponseHead
          ScriptContent s!
         ListenerId s!

        action CreateHealthCheckTemplate P1 sync token dry
         HealthCheckCodes a:s
         HealthCheckConnectPort i 0..65535 =0
         HealthCheckHost s len1..80 =$SERVER_IP
         HealthCheckHttpVersion s |HTTP1.0|HTTP1.1 =HTTP1.1
         HealthCheckInterval i 1..50 =2
         HealthCheckMethod s |HEAD|POST|GET =HEAD
         HealthCheckPath s len1..80 ~check-path
         HealthCheckProtocol s |HTTP|HTTPS|TCP|gRPC =HTTP
         HealthCheckTemplateName s! len2..128 ~name
         HealthCheckTimeout i 1..300 =5
         HealthyThreshold i 2..10 =3
         ResourceGroupId s
         Tag a:o @Tag
         UnhealthyThreshold i 2..10 =3
         HealthCheckTcpFastCloseEnabled b
         HealthCheckHttpCodes a:s

        action CreateSecurityPolicy P1 sync token dry
         Ciphers a:s! n1..
         ResourceGroupId s
         SecurityPolicyName s! len2..128 ~name
         TLSVersions a:s!
         Tag a:o @Tag

        action DeleteAScripts P1 job token dry
         AScriptIds a:s! n1..10

        action DeleteHealthCheckTemplates P1 sync token dry
         HealthCheckTemplateIds a:s! n1..10

        action DeleteSecurityPolicy P1 sync token dry
         SecurityPolicyId s!

        action GetHealthCheckTemplateAttribute P1 sync
         HealthCheckTemplateId s!

        action ListAScripts P1 sync
         AScriptIds a:s
         AScriptNames a:s
         ListenerIds a:s
         MaxResults i 1..100 =20
         NextToken s

        action ListHealthCheckTemplates P1 sync
         HealthCheckTemplateIds a:s n..20
         HealthCheckTemplateNames a:s n..20
         MaxResults i 1..100 =20
         NextToken s
         ResourceGroupId s
         Tag a:o @Tag

        action ListSecurityPolicies P1 sync
         MaxResults i 1..100 =20
         NextToken s
         ResourceGroupId s
         SecurityPolicyIds a:s n1..20
         SecurityPolicyNames a:s n1..10
         Tag a:o @Tag

        action ListSecurityPolicyRelations P1 sync
         SecurityPolicyIds a:s! n1..5

        action ListSystemSecurityPolicies P1 sync

        action UpdateAScripts P1 job token dry
         AScripts a:o
          AScriptId s!
          AScriptName s len2..128 ~name
          Enabled b
          ExtAttributeEnabled b
          ExtAttributes a:o
           AttributeKey s! |EsDebug
           AttributeValue s! len1..128
          ScriptContent s

        action UpdateHealthCheckTemplateAttribute P1 sync token dry
         HealthCheckCodes a:s
         HealthCheckConnectPort i 0..65535
         HealthCheckHost s len1..80
         HealthCheckHttpVersion s |HTTP1.0|HTTP1.1
         HealthCheckInterval i 1..50
         HealthCheckMethod s |HEAD|GET|POST
         HealthCheckPath s len1..80 ~check-path
         HealthCheckProtocol s |HTTP|HTTPS|TCP|gRPC
         HealthCheckTemplateId s!
         HealthCheckTemplateName s len2..128 ~name
         HealthCheckTimeout i 1..300
         HealthyThreshold i 2..10
         UnhealthyThreshold i 2..10
         HealthCheckTcpFastCloseEnabled b
         HealthCheckHttpCodes a:s

        action UpdateSecurityPolicyAttribute P1 job token dry
         Ciphers a:s n1..
         SecurityPolicyId s!
         SecurityPolicyName s len2..128 ~name
         TLSVersions a:s
        """#
}
