// SPDX-License-Identifier: Apache-2.0

/// A row of the annotation table: a key, the form of its value, and what a wrong one does.
struct AnnotationRule: Sendable {
    /// What a wrong value does.
    enum WhenWrong: Sendable {
        /// The Ingress cannot be built.
        case refuse
        /// The default counts, and the user is told.
        case warn
        /// The default counts.
        case ignore
    }

    /// The key without its prefix.
    let name: AnnotationName
    /// The form of the value.
    let form: AnnotationForm
    /// True when the key with the prefix of the NGINX controller counts too, and first.
    let hasTwin: Bool
    /// The flag that must be on for the value to matter.
    let enabledBy: AnnotationName?
    /// What a wrong value does in the product.
    let managed: WhenWrong
    /// What a wrong value does in the open-source controller.
    let oss: WhenWrong

    init(
        _ name: AnnotationName,
        _ form: AnnotationForm,
        twin: Bool = false,
        enabledBy: AnnotationName? = nil,
        managed: WhenWrong = .warn,
        oss: WhenWrong = .ignore
    ) {
        self.name = name
        self.form = form
        hasTwin = twin
        self.enabledBy = enabledBy
        self.managed = managed
        self.oss = oss
    }
}

/// The keys of annotations without their prefix.
///
/// - Source: the product's annotation pages and the open-source controller's constants; documented.
enum AnnotationName: String, Sendable, CaseIterable {
    case albConfigName = "albconfig.name"
    case albConfigOrder = "albconfig.order"
    case order
    case listenPorts = "listen-ports"
    case sslRedirect = "ssl-redirect"
    case rewriteTarget = "rewrite-target"
    case useRegex = "use-regex"
    case backendProtocol = "backend-protocol"
    case backendScheduler = "backend-scheduler"
    case backendSchedulerUchValue = "backend-scheduler-uch-value"
    case backendKeepalive = "backend-keepalive"
    case stickySession = "sticky-session"
    case stickySessionType = "sticky-session-type"
    case cookieTimeout = "cookie-timeout"
    case cookie
    case healthCheckEnabled = "healthcheck-enabled"
    case healthCheckPath = "healthcheck-path"
    case healthCheckProtocol = "healthcheck-protocol"
    case healthCheckMethod = "healthcheck-method"
    case healthCheckHTTPCode = "healthcheck-httpcode"
    case healthCheckCode = "healthcheck-code"
    case healthCheckHTTPVersion = "healthcheck-httpversion"
    case healthCheckTimeout = "healthcheck-timeout-seconds"
    case healthCheckInterval = "healthcheck-interval-seconds"
    case healthyThreshold = "healthy-threshold-count"
    case unhealthyThreshold = "unhealthy-threshold-count"
    case healthCheckConnectPort = "healthcheck-connect-port"
    case canary
    case canaryByHeader = "canary-by-header"
    case canaryByHeaderValue = "canary-by-header-value"
    case canaryByCookie = "canary-by-cookie"
    case canaryWeight = "canary-weight"
    case trafficLimitQPS = "traffic-limit-qps"
    case trafficLimitIPQPS = "traffic-limit-ip-qps"
    case enableCORS = "enable-cors"
    case corsAllowOrigin = "cors-allow-origin"
    case corsAllowMethods = "cors-allow-methods"
    case corsAllowHeaders = "cors-allow-headers"
    case corsExposeHeaders = "cors-expose-headers"
    case corsAllowCredentials = "cors-allow-credentials"
    case corsMaxAge = "cors-max-age"
    case serverGroupType = "server-group-type"
    case serverGroupResourceGroup = "server-group-resource-group-id"
    case crossZoneEnabled = "cross-zone-enabled"
    case connectionDrainEnabled = "connection-drain-enabled"
    case connectionDrainTimeout = "connection-drain-timeout"
    case slowStartEnabled = "slow-start-enabled"
    case slowStartDuration = "slow-start-duration"

    /// The prefix of all keys.
    static let prefix = "alb.ingress.kubernetes.io/"
    /// The prefix of the NGINX controller's keys.
    static let twinPrefix = "nginx.ingress.kubernetes.io/"

    /// The whole key.
    var key: String { Self.prefix + rawValue }
    /// The whole key of the NGINX controller.
    var twinKey: String { Self.twinPrefix + rawValue }
}
