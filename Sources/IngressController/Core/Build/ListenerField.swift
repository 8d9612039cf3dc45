// SPDX-License-Identifier: Apache-2.0
import JSON

/// A field of a listener in an AlbConfig, and the API member that it becomes.
struct ListenerField: Sendable {
    /// What the field holds.
    enum Form: Sendable {
        case seconds(managed: ClosedRange<Int>, oss: ClosedRange<Int>, otherwise: Int)
        case flag(otherwise: Bool)
        case text(otherwise: String)
    }

    let field: String
    let member: String
    let form: Form
    /// True for fields that only HTTPS listeners have.
    var isHTTPSOnly = false

    /// The plain fields; those that are objects have code of their own.
    ///
    /// - Source: the product's page on AlbConfig fields; documented. The narrower ranges are those of the
    ///   open-source controller; seen upstream.
    static let table = [
        ListenerField(
            field: "requestTimeout",
            member: "RequestTimeout",
            form: .seconds(managed: 1...600, oss: 1...180, otherwise: 60)
        ),
        ListenerField(
            field: "idleTimeout",
            member: "IdleTimeout",
            form: .seconds(managed: 1...600, oss: 1...60, otherwise: 15)
        ),
        ListenerField(field: "gzipEnabled", member: "GzipEnabled", form: .flag(otherwise: true)),
        ListenerField(
            field: "http2Enabled",
            member: "Http2Enabled",
            form: .flag(otherwise: true),
            isHTTPSOnly: true
        ),
        ListenerField(
            field: "securityPolicyId",
            member: "SecurityPolicyId",
            form: .text(otherwise: "tls_cipher_policy_1_0"),
            isHTTPSOnly: true
        ),
    ]

    /// The flags about forwarded headers; those about client certificates have an alias too.
    static let forwardedFlags = [
        "XForwardedForEnabled", "XForwardedForProtoEnabled", "XForwardedForSLBIdEnabled",
        "XForwardedForSLBPortEnabled", "XForwardedForClientSrcPortEnabled",
        "XForwardedForClientCertSubjectDNEnabled", "XForwardedForClientCertIssuerDNEnabled",
        "XForwardedForClientCertFingerprintEnabled", "XForwardedForClientCertClientVerifyEnabled",
    ]
    static let forwardedAliases = [
        "XForwardedForClientCertSubjectDNAlias", "XForwardedForClientCertIssuerDNAlias",
        "XForwardedForClientCertFingerprintAlias", "XForwardedForClientCertClientVerifyAlias",
    ]
    /// Those that only the product has.
    static let forwardedManagedFlags = ["XForwardedForHostEnabled", "XForwardedForClientSourceIpsEnabled"]
    static let forwardedManagedTexts = ["XForwardedForProcessingMode", "XForwardedForClientSourceIpsTrusted"]
}
