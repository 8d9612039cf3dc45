// SPDX-License-Identifier: Apache-2.0

/// A row of the table of NGINX Ingress annotations: what becomes of a key on a load balancer.
struct NginxAnnotation: Sendable {
    /// What becomes of it.
    enum Fate: Sendable, Hashable {
        /// It is translated by `NginxMapping`.
        case translated
        /// It is a setting of the listener, the server group or the load balancer: the field to set.
        case setting(String)
        /// It means nothing here and may be dropped.
        case dropped
        /// There is nothing like it.
        case unsupported
    }

    /// The key without its prefix.
    let name: String
    let fate: Fate

    /// All rows.
    ///
    /// - Source: the product's migration page and converter; documented.
    static let table: [NginxAnnotation] =
        rows(
            .translated,
            "canary canary-by-header canary-by-header-value canary-by-cookie canary-weight"
                + " canary-weight-total enable-cors cors-allow-origin cors-allow-methods cors-allow-headers"
                + " cors-allow-credentials cors-expose-headers cors-max-age backend-protocol load-balance"
                + " upstream-hash-by limit-rps limit-rpm limit-connections ssl-redirect force-ssl-redirect"
                + " use-regex rewrite-target app-root permanent-redirect permanent-redirect-code"
                + " temporal-redirect from-to-www-redirect whitelist-source-range denylist-source-range"
                + " server-alias affinity session-cookie-max-age session-cookie-expires mirror-target"
                + " configuration-snippet"
        )
        + rows(.setting("the listener's requestTimeout"), "proxy-read-timeout proxy-send-timeout")
        + rows(.setting("the listener's idleTimeout"), "proxy-connect-timeout")
        + rows(
            .setting("the listener's caCertificates"),
            "auth-tls-secret auth-tls-verify-client auth-tls-verify-depth auth-tls-error-page"
                + " auth-tls-pass-certificate-to-upstream"
        )
        + rows(
            .setting("backend-protocol https"),
            "proxy-ssl-secret proxy-ssl-verify proxy-ssl-name proxy-ssl-ciphers proxy-ssl-protocols"
                + " proxy-ssl-server-name proxy-ssl-verify-depth"
        )
        + rows(.setting("the listener's securityPolicyId"), "ssl-ciphers ssl-prefer-server-ciphers")
        + rows(
            .setting("the edition StandardWithWaf"),
            "enable-modsecurity enable-owasp-core-rules modsecurity-snippet"
        )
        + rows(.setting("the AlbConfig's accessLogConfig"), "enable-access-log")
        + rows(.setting("fixed limits of the load balancer"), "proxy-body-size client-body-buffer-size")
        + rows(.setting("the listener's logConfig"), "enable-opentracing enable-opentelemetry")
        + rows(.setting("a cookie name of the load balancer's own"), "session-cookie-name")
        + rows(
            .dropped,
            "service-upstream proxy-buffering proxy-buffer-size proxy-buffers-number"
                + " proxy-request-buffering connection-proxy-header http2-push-preload enable-rewrite-log"
                + " enable-global-auth modsecurity-transaction-id"
        )
        + rows(
            .unsupported,
            "canary-by-header-pattern upstream-hash-by-subset limit-rate limit-rate-after limit-whitelist"
                + " mirror-request-body mirror-host session-cookie-path session-cookie-samesite"
                + " session-cookie-secure affinity-mode affinity-canary-behavior auth-type auth-secret"
                + " auth-secret-type auth-realm auth-url auth-method auth-signin auth-response-headers"
                + " auth-snippet auth-cache-key satisfy server-snippet stream-snippet"
                + " upstream-vhost proxy-next-upstream proxy-next-upstream-tries"
                + " proxy-next-upstream-timeout proxy-cookie-domain proxy-cookie-path proxy-redirect-from"
                + " proxy-redirect-to ssl-passthrough x-forwarded-prefix"
        )
        + rows(
            .setting("an actions annotation with InsertHeader and rule-direction Response"),
            "custom-headers"
        )
        + rows(
            .setting(
                "a condition of type ResponseStatusCode, a FixedResponse, and rule-direction Response"
            ),
            "custom-http-errors default-backend"
        )

    private static func rows(_ fate: Fate, _ names: String) -> [NginxAnnotation] {
        names.split(separator: " ").map { NginxAnnotation(name: String($0), fate: fate) }
    }

    private static let byName = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    /// The row of a key without its prefix.
    static func row(_ name: String) -> NginxAnnotation? { byName[name] }
}
