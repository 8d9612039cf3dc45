// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

extension HTTPField.Name {
    /// Makes a name from text that is known to be one.
    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is not a header name") }
        return name
    }

    static let forwardedFor = known("X-Forwarded-For")
    static let forwardedProto = known("X-Forwarded-Proto")
    static let forwardedPort = known("X-Forwarded-Port")
    static let forwardedHost = known("X-Forwarded-Host")
    static let forwardedClientPort = known("X-Forwarded-Client-srcport")
    static let loadBalancerID = known("SLB-ID")
    static let clientCertificateSubject = known("X-Forwarded-Clientcert-subjectdn")
    static let clientCertificateIssuer = known("X-Forwarded-Clientcert-issuerdn")
    static let clientCertificateFingerprint = known("X-Forwarded-Clientcert-fingerprint")
    static let clientCertificateVerify = known("X-Forwarded-Clientcert-clientverify")
    static let albTrace = known("ALICLOUD-ALB-TRACE")
    static let albLimited = known("ALB-QPS-Limited")
    static let keepAlive = known("Keep-Alive")
    static let proxyConnection = known("Proxy-Connection")
    static let alternativeService = known("Alt-Svc")
}
