// SPDX-License-Identifier: Apache-2.0

/// The annotations of an Ingress with the forms of their values.
///
/// - Source: the product's annotation pages for ranges and words, the open-source controller for what a
///   wrong value does there; documented and seen upstream.
enum AnnotationTable {
    /// All rows.
    static let rows: [AnnotationRule] = [
        AnnotationRule(.albConfigName, .text),
        AnnotationRule(.albConfigOrder, .integer(1...1000), managed: .refuse, oss: .refuse),
        AnnotationRule(.order, .integer(1...1000), managed: .refuse, oss: .refuse),
        AnnotationRule(.listenPorts, .json),
        AnnotationRule(.sslRedirect, .flag, twin: true),
        AnnotationRule(.rewriteTarget, .text),
        AnnotationRule(.useRegex, .flag),
        AnnotationRule(.backendProtocol, .word(["http", "https", "grpc"]), managed: .refuse),
        AnnotationRule(
            .backendScheduler,
            .word(["wrr", "wlc", "sch", "uch"]),
            managed: .refuse,
            oss: .refuse
        ),
        AnnotationRule(.backendSchedulerUchValue, .text),
        AnnotationRule(.backendKeepalive, .flag),
        AnnotationRule(.stickySession, .flag),
        AnnotationRule(
            .stickySessionType,
            .word(["Insert", "Server"]),
            enabledBy: .stickySession,
            managed: .refuse
        ),
        AnnotationRule(
            .cookieTimeout,
            .integer(1...86_400),
            enabledBy: .stickySession,
            managed: .refuse,
            oss: .refuse
        ),
        AnnotationRule(.cookie, .text),
        AnnotationRule(.healthCheckEnabled, .flag),
        check(.healthCheckPath, .text),
        check(.healthCheckProtocol, .word(["HTTP", "HTTPS", "TCP", "GRPC"])),
        check(.healthCheckMethod, .word(["HEAD", "GET", "POST"])),
        check(.healthCheckHTTPCode, .words(["http_2xx", "http_3xx", "http_4xx", "http_5xx"])),
        check(.healthCheckCode, .healthCodes),
        check(.healthCheckHTTPVersion, .word(["HTTP1.0", "HTTP1.1"])),
        check(.healthCheckTimeout, .integer(1...300)),
        check(.healthCheckInterval, .integer(1...50)),
        check(.healthyThreshold, .integer(2...10)),
        check(.unhealthyThreshold, .integer(2...10)),
        check(.healthCheckConnectPort, .integer(0...65_535)),
        AnnotationRule(.canary, .flag, twin: true),
        AnnotationRule(.canaryByHeader, .text, twin: true),
        AnnotationRule(.canaryByHeaderValue, .text, twin: true),
        AnnotationRule(.canaryByCookie, .text, twin: true),
        AnnotationRule(.canaryWeight, .integer(0...100), twin: true, enabledBy: .canary, managed: .refuse),
        AnnotationRule(.trafficLimitQPS, .integer(1...100_000), managed: .refuse, oss: .refuse),
        AnnotationRule(.trafficLimitIPQPS, .integer(1...100_000), managed: .refuse, oss: .refuse),
        AnnotationRule(.enableCORS, .flag),
        AnnotationRule(.corsAllowOrigin, .list),
        AnnotationRule(.corsAllowMethods, .list),
        AnnotationRule(.corsAllowHeaders, .list),
        AnnotationRule(.corsExposeHeaders, .list),
        AnnotationRule(.corsAllowCredentials, .flag),
        AnnotationRule(.corsMaxAge, .integer(-1...172_800), enabledBy: .enableCORS, managed: .refuse),
        AnnotationRule(.serverGroupType, .word(["instance", "ip"]), managed: .refuse),
        AnnotationRule(.serverGroupResourceGroup, .text),
        AnnotationRule(.crossZoneEnabled, .flag),
        AnnotationRule(.connectionDrainEnabled, .flag),
        AnnotationRule(
            .connectionDrainTimeout,
            .integer(0...900),
            enabledBy: .connectionDrainEnabled,
            managed: .refuse
        ),
        AnnotationRule(.slowStartEnabled, .flag),
        AnnotationRule(
            .slowStartDuration,
            .integer(30...900),
            enabledBy: .slowStartEnabled,
            managed: .refuse
        ),
    ]

    /// Rows that matter while health checks are on.
    private static func check(_ name: AnnotationName, _ form: AnnotationForm) -> AnnotationRule {
        AnnotationRule(name, form, enabledBy: .healthCheckEnabled, managed: .refuse, oss: .refuse)
    }

    private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    /// The row of a key.
    static func row(_ name: AnnotationName) -> AnnotationRule? { byName[name] }
}
