// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on listeners and their certificates.
    static let albListener = #"""
        action AssociateAdditionalCertificatesWithListener P0 job token dry
         Certificates a:o! n1..15
          CertificateId s!
         ListenerId s!

        action CreateListener P0 job token dry
         CaCertificates a:o n1..1
          CertificateId s!
         CaEnabled b =false
         Certificates a:o n1..2
          CertificateId s!
         DefaultActions a:o! n1..1 @DefaultActions
         GzipEnabled b =true
         Http2Enabled b =true
         IdleTimeout i 1..600 =15
         ListenerDescription s len2..256 ~description
         ListenerPort i! 1..65535
         ListenerProtocol s! |HTTP|HTTPS|QUIC
         LoadBalancerId s!
         QuicConfig o @QuicConfig
         RequestTimeout i 1..600 =60
         SecurityPolicyId s =tls_cipher_policy_1_0
         Tag a:o @Tag
         XForwardedForConfig o @XForwardedForConfig

        action DeleteListener P0 job token dry
         ListenerId s!

        action DissociateAdditionalCertificatesFromListener P0 job token dry
         Certificates a:o! n1..15
          CertificateId s!
         ListenerId s!

        action GetListenerAttribute P0 sync
         ListenerId s!

        action GetListenerHealthStatus P1 sync
         IncludeRule b =false
         ListenerId s!
         MaxResults i 1..30 =20
         NextToken s

        action ListListenerCertificates P0 sync
         CertificateIds a:s n1..20
         CertificateType s |Ca|Server
         ListenerId s!
         MaxResults i 1..100 =20
         NextToken s

        action ListListeners P0 sync
         ListenerIds a:s n1..20
         ListenerProtocol s |HTTP|HTTPS|QUIC
         LoadBalancerIds a:s n1..20
         MaxResults i 1..100 =20
         NextToken s
         Tag a:o @Tag
         AccessLogRecordCustomizedHeadersEnabled b
         IsAssociatedAcl b
         Status s

        action StartListener P1 job token dry
         ListenerId s!

        action StopListener P1 job token dry
         ListenerId s!

        action UpdateListenerAttribute P0 job token dry
         CaCertificates a:o n1..1
          CertificateId s!
         CaEnabled b
         Certificates a:o n1..2
          CertificateId s!
         DefaultActions a:o n1..1 @DefaultActions
         GzipEnabled b
         Http2Enabled b
         IdleTimeout i 1..600
         ListenerDescription s len2..256 ~description
         ListenerId s!
         QuicConfig o @QuicConfig
         RequestTimeout i 1..600
         SecurityPolicyId s
         XForwardedForConfig o @XForwardedForConfig

        action UpdateListenerLogConfig P1 job token dry
         AccessLogRecordCustomizedHeadersEnabled b =false
         AccessLogTracingConfig o
          TracingEnabled b
          TracingSample i 1..10000
          TracingType s |Zipkin|OpenTelemetry
         ListenerId s!
        """#
}
