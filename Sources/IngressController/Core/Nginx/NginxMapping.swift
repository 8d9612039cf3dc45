// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// What the NGINX annotations of an Ingress become.
///
/// Keys of the load balancer's own win over those that they are translated to; the canary keys and
/// `ssl-redirect`, which the controller itself reads with either prefix, are left as they are.
///
/// - Source: the product's migration page and converter; documented.
struct NginxMapping: Sendable, Hashable {
    /// All annotations, with those added that others were translated to.
    private(set) var annotations: [String: String]
    /// What every path answers instead of its Service.
    private(set) var redirect: RedirectTarget?
    /// Where the root goes.
    private(set) var appRoot: String?
    /// Who alone may come; everybody when empty.
    private(set) var allowedSources: [String] = []
    /// Who may not come.
    private(set) var deniedSources: [String] = []
    /// Further hosts of every rule.
    private(set) var aliases: [String] = []
    /// True when `www.` is sent to the plain host, or the other way round.
    private(set) var joinsWWW = false
    /// What a snippet does to header fields.
    private(set) var snippet = NginxSnippet("")
    /// What the user should know.
    private(set) var warnings: [String] = []

    private let all: [String: String]

    /// Annotations that are taken as they are.
    init(untouched annotations: [String: String]) {
        self.annotations = annotations
        all = annotations
    }

    init(_ all: [String: String]) {
        self.all = all
        annotations = all
        guard all.keys.contains(where: { $0.hasPrefix(AnnotationName.twinPrefix) }) else { return }
        tellWhatHasNoCounterpart()
        mapBackends()
        mapLimits()
        mapCORS()
        mapPaths()
        mapRedirects()
        mapSources()
        mapStickiness()
        mapSnippet()
    }

    private mutating func mapSnippet() {
        guard let text = nginx("configuration-snippet") else { return }
        snippet = NginxSnippet(text)
        for directive in snippet.unknown {
            warn(
                "configuration-snippet",
                "\(directive) does nothing here; only fixed header fields can be set"
            )
        }
    }

    // MARK: Words

    private func nginx(_ name: String) -> String? {
        let value = all[AnnotationName.twinPrefix + name].map { AnnotationForm.trimmed($0) }
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func set(_ name: AnnotationName, _ value: String) {
        if all[name.key] == nil { annotations[name.key] = value }
    }

    private mutating func warn(_ name: String, _ text: String) {
        warnings.append("annotation \(AnnotationName.twinPrefix)\(name): \(text)")
    }

    private mutating func tellWhatHasNoCounterpart() {
        for key in all.keys.sorted() where key.hasPrefix(AnnotationName.twinPrefix) {
            let name = String(key.dropFirst(AnnotationName.twinPrefix.count))
            switch NginxAnnotation.row(name)?.fate {
            case .translated, .dropped: break
            case .setting(let place): warn(name, "does nothing here; it becomes \(place)")
            case .unsupported: warn(name, "does nothing here; the load balancer has nothing like it")
            case nil: warn(name, "does nothing here; the key is not known")
            }
        }
    }

    // MARK: Back ends

    private mutating func mapBackends() {
        if let text = nginx("backend-protocol") {
            switch text.lowercased() {
            case "grpc", "grpcs": set(.backendProtocol, "grpc")
            case "https": set(.backendProtocol, "https")
            case "http": set(.backendProtocol, "http")
            default: warn("backend-protocol", "\(text) is not spoken to back ends; HTTP counts")
            }
        }
        if let text = nginx("load-balance") {
            let known = ["round_robin": "wrr", "least_conn": "wlc", "ip_hash": "sch"]
            if let scheduler = known[text] {
                set(.backendScheduler, scheduler)
            } else {
                warn("load-balance", "there is no scheduler \(text)")
            }
        }
        if let text = nginx("upstream-hash-by") {
            let name = text.hasPrefix("$arg_") ? String(text.dropFirst(5)) : ""
            let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_-".contains($0) }
            if isName {
                set(.backendScheduler, "uch")
                set(.backendSchedulerUchValue, name)
            } else {
                warn("upstream-hash-by", "only $arg_NAME can be hashed by, found \(text)")
            }
        }
        if nginx("mirror-target") != nil {
            warn("mirror-target", "write a TrafficMirror action with the id of a server group instead")
        }
        mapCanaryWeight()
    }

    private mutating func mapCanaryWeight() {
        guard let text = nginx("canary-weight-total") else { return }
        guard let total = Int(text), total > 0, let weight = nginx("canary-weight").flatMap({ Int($0) })
        else {
            return warn("canary-weight-total", "needs numbers for itself and canary-weight")
        }
        let percent = (weight * 100 + total / 2) / total
        annotations[AnnotationName.canaryWeight.twinKey] = String(min(max(percent, 0), 100))
    }

    // MARK: Limits and CORS

    private mutating func mapLimits() {
        func number(_ name: String) -> Int? { nginx(name).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
        for name in ["limit-rps", "limit-rpm", "limit-connections"]
        where nginx(name) != nil && number(name) == nil {
            warn(name, "expected a number from 1, found \(nginx(name) ?? "")")
        }
        if let rate = number("limit-rps") {
            set(.trafficLimitIPQPS, String(min(rate, 100_000)))
        } else if let rate = number("limit-rpm") {
            set(.trafficLimitIPQPS, String(max(1, min((rate + 30) / 60, 100_000))))
        }
        if let connections = number("limit-connections") {
            let perIP = Int(annotations[AnnotationName.trafficLimitIPQPS.key] ?? "") ?? 0
            set(.trafficLimitQPS, String(min(max(connections, perIP + 1), 100_000)))
            warn("limit-connections", "counts requests a second here, not connections")
        }
    }

    private mutating func mapCORS() {
        let same: [AnnotationName] = [
            .enableCORS, .corsAllowOrigin, .corsAllowMethods, .corsAllowHeaders, .corsAllowCredentials,
            .corsExposeHeaders,
        ]
        for name in same { if let value = nginx(name.rawValue) { set(name, value) } }
        guard let text = nginx("cors-max-age") else { return }
        guard let age = Int(text) else { return warn("cors-max-age", "expected seconds, found \(text)") }
        set(.corsMaxAge, String(min(max(age, -1), 172_800)))
    }

    // MARK: Paths

    private mutating func mapPaths() {
        if let value = nginx("use-regex") { set(.useRegex, value) }
        if let value = nginx("force-ssl-redirect"), all[AnnotationName.sslRedirect.twinKey] == nil {
            set(.sslRedirect, value)
        }
        guard let target = nginx("rewrite-target") else { return }
        var path = ""
        var rest = target[...]
        while let dollar = rest.firstIndex(of: "$") {
            path += rest[..<dollar]
            let tail = rest[rest.index(after: dollar)...]
            guard let digit = tail.first, ("1"..."3").contains(digit) else {
                return warn("rewrite-target", "only $1 to $3 can be put in, found \(target)")
            }
            path += "${\(digit)}"
            rest = tail.dropFirst()
        }
        set(.rewriteTarget, path + rest)
        set(.useRegex, "true")
    }

    private mutating func mapRedirects() {
        if let target = nginx("permanent-redirect") {
            let code = nginx("permanent-redirect-code").flatMap { Int($0) } ?? 301
            setRedirect("permanent-redirect", target, [301, 302, 303, 307, 308].contains(code) ? code : 301)
        }
        if let target = nginx("temporal-redirect") { setRedirect("temporal-redirect", target, 302) }
        if let root = nginx("app-root") {
            appRoot = root.hasPrefix("/") ? root : nil
            if appRoot == nil { warn("app-root", "expected a path, found \(root)") }
        }
        joinsWWW = nginx("from-to-www-redirect") == "true"
        aliases = AnnotationForm.parts(nginx("server-alias") ?? "").filter { alias in
            let isPlain = !alias.hasPrefix("~")
            if !isPlain { warnings.append("annotation server-alias: \(alias) is a regular expression") }
            return isPlain
        }
    }

    private mutating func setRedirect(_ name: String, _ text: String, _ status: Int) {
        guard let target = Self.target(text, status) else {
            return warn(name, "expected an address like https://host/path, found \(text)")
        }
        redirect = target
    }

    /// An address as the target of a redirect.
    static func target(_ text: String, _ status: Int) -> RedirectTarget? {
        var target = RedirectTarget(status: status)
        if text.hasPrefix("/") {
            target.path = text
            return target
        }
        let halves = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, ["http", "https"].contains(halves[0].lowercased()) else { return nil }
        let rest = halves[1].prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty else { return nil }
        let names = authority.split(separator: ":", maxSplits: 1).map(String.init)
        target.scheme = halves[0].uppercased()
        target.host = names[0]
        target.port = names.count == 2 ? names[1] : target.scheme == "HTTPS" ? "443" : "80"
        let path = String(rest.dropFirst(authority.count)).replacing("$request_uri", with: "${path}")
        target.path = path.isEmpty ? "/" : path
        return target
    }

    // MARK: Sources and stickiness

    private mutating func mapSources() {
        allowedSources = sources("whitelist-source-range")
        deniedSources = sources("denylist-source-range")
    }

    private mutating func sources(_ name: String) -> [String] {
        let all = AnnotationForm.parts(nginx(name) ?? "")
        if all.count > 5 { warn(name, "a rule takes 5 ranges: use an access list of the listener") }
        return Array(all.prefix(5))
    }

    private mutating func mapStickiness() {
        guard let affinity = nginx("affinity") else { return }
        guard affinity == "cookie" else { return warn("affinity", "expected cookie, found \(affinity)") }
        set(.stickySession, "true")
        if let age = nginx("session-cookie-max-age") ?? nginx("session-cookie-expires") {
            if let seconds = Int(age), (1...86_400).contains(seconds) {
                set(.cookieTimeout, String(seconds))
            } else {
                warn("session-cookie-max-age", "expected 1 to 86400 seconds, found \(age)")
            }
        }
    }
}
