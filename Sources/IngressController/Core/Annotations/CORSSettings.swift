// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// The Cors action that the annotations of an Ingress ask for.
enum CORSSettings {
    /// What counts where nothing is said.
    ///
    /// - Source: the product's annotation page; documented.
    static let defaults = CORSConfiguration(
        allowOrigin: ["*"],
        allowMethods: ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"],
        allowHeaders: [
            "DNT", "X-CustomHeader", "Keep-Alive", "User-Agent", "X-Requested-With", "If-Modified-Since",
            "Cache-Control", "Content-Type", "Authorization",
        ]
    )

    /// The action; nil when it is not switched on.
    static func action(_ annotations: Annotations) -> RuleAction? {
        guard annotations.isTrue(.enableCORS) else { return nil }
        var cors = defaults
        cors.allowOrigin = annotations.list(.corsAllowOrigin) ?? cors.allowOrigin
        cors.allowMethods = annotations.list(.corsAllowMethods) ?? cors.allowMethods
        cors.allowHeaders = annotations.list(.corsAllowHeaders) ?? cors.allowHeaders
        cors.exposeHeaders = annotations.list(.corsExposeHeaders) ?? []
        cors.allowCredentials = annotations.isNotFalse(.corsAllowCredentials)
        cors.maxAge = annotations.integer(.corsMaxAge) ?? cors.maxAge
        return .cors(cors)
    }
}
