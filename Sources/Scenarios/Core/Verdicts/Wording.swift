// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Subject {
    /// What it is about, one and many: for counting.
    var noun: (one: String, many: String) {
        switch self {
        case .traffic(let condition):
            let names = condition.traffic.joined(separator: " and ") + condition.scope
            return ("request of \(names)", "requests of \(names)")
        case .connections(let condition):
            let name = condition.serverName.map { " to \($0)" } ?? ""
            let names =
                condition.traffic.isEmpty
                ? name : " of \(condition.traffic.joined(separator: " and "))\(name)"
            return ("connection\(names)", "connections\(names)")
        case .streams(let condition):
            let names = condition.traffic.isEmpty ? "" : " of \(condition.traffic.joined(separator: " and "))"
            return ("stream\(names)", "streams\(names)")
        case .events: return ("event", "events")
        case .calls: return ("cloud call", "cloud calls")
        case .object(let condition), .gone(let condition): return (condition.title, condition.title)
        case .apiCalls: return ("call of the API server", "calls of the API server")
        case .cloud(let condition):
            let text = condition.parts.map { part in
                "\(part.bounds.words { Int($0).grouped }) \(part.kind.noun)"
            }.joined(separator: " and ")
            return (text, text)
        case .servers(let condition):
            let text =
                "\(condition.healthy.words { Int($0).grouped }) healthy servers"
                + (condition.deployment.map { " of \($0)" } ?? "")
            return (text, text)
        case .certificate(let condition):
            let text =
                "a certificate in \(condition.secret) that is valid for \(condition.left.humanText) more"
            return (text, text)
        }
    }

    /// What is said about it: `status 200, served by tea`; empty when nothing is.
    var claim: String {
        switch self {
        case .traffic(let condition): condition.claim
        case .connections(let condition): condition.claim
        case .streams(let condition): condition.claim
        case .events(let condition): condition.claim
        case .calls(let condition): condition.claim
        case .object(let condition): condition.claim
        case .apiCalls(let condition): condition.claim
        case .gone, .cloud, .servers, .certificate: ""
        }
    }

    /// All of it in one line.
    var words: String { claim.isEmpty ? noun.one : "\(noun.one): \(claim)" }
}

extension APICallCondition {
    fileprivate var claim: String {
        var parts: [String] = []
        if let client { parts.append("client \(client)") }
        if let verb { parts.append("verb \(verb)") }
        if let resource { parts.append("of \(resource)") }
        if let path { parts.append("path \(path)") }
        if let isWrite { parts.append(isWrite ? "that changes something" : "that only reads") }
        if let status { parts.append("status \(status)") }
        if let reason { parts.append("reason \(reason)") }
        return parts.joined(separator: ", ")
    }
}

extension TrafficCondition {
    fileprivate var scope: String {
        (host.map { " to \($0)" } ?? "") + (path.map { " for \($0)" } ?? "")
    }

    fileprivate var claim: String {
        var parts: [String] = []
        if let status { parts.append("status \(status)") }
        if let outcome { parts.append("outcome \(outcome.words)") }
        if let servedBy {
            parts.append("served by \(servedBy.map(\.glob.pattern).joined(separator: " or "))")
        }
        if let certificate { parts.append(certificate.words) }
        for header in headers {
            parts.append(header.value.map { "\(header.name): \($0.pattern)" } ?? "no \(header.name)")
        }
        if isSameServer { parts.append("by the same server as at first") }
        if let fasterThan { parts.append("faster than \(fasterThan.humanText)") }
        if let slowerThan { parts.append("slower than \(slowerThan.humanText)") }
        return parts.joined(separator: ", ")
    }
}

extension ConnectionCondition {
    fileprivate var claim: String {
        var parts: [String] = []
        if let outcome { parts.append("outcome \(outcome.words)") }
        if let certificate { parts.append(certificate.words) }
        if let version { parts.append("version \(version)") }
        return parts.joined(separator: ", ")
    }
}

extension EventCondition {
    fileprivate var claim: String {
        var parts: [String] = []
        if let reason { parts.append("reason \(reason)") }
        if let type { parts.append("type \(type)") }
        if let kind { parts.append("object \(kind.lowercased())/\(name?.pattern ?? "*")") }
        if let namespace { parts.append("namespace \(namespace)") }
        if let messageContains { parts.append("message with \"\(messageContains)\"") }
        return parts.joined(separator: ", ")
    }
}

extension CallCondition {
    fileprivate var claim: String {
        var parts: [String] = []
        if let action { parts.append("action \(action)") }
        if let product { parts.append("product \(product)") }
        if let resource { parts.append("resource \(resource)") }
        if let client { parts.append("client \(client)") }
        if let isWrite { parts.append(isWrite ? "that changes something" : "that only reads") }
        if let code { parts.append("code \(code)") }
        return parts.joined(separator: ", ")
    }
}

extension ObjectCondition {
    fileprivate var title: String {
        let place = namespace.isEmpty ? "" : namespace + "/"
        let labels = labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return "\(type.kind) \(place)\(name ?? "*")" + (labels.isEmpty ? "" : " with \(labels)")
    }

    fileprivate var claim: String {
        tree.objectValue?.isEmpty == false ? TreeMatcher.shown(tree) : ""
    }
}

extension CertificatePattern {
    fileprivate var words: String {
        switch self {
        case .newest: "the newest certificate"
        case .named(let glob): "certificate \(glob)"
        }
    }
}

extension [Glob] {
    /// The words as people write them.
    var words: String { map { $0.pattern.replacing("?", with: "-") }.joined(separator: " or ") }
}

extension Expectation {
    /// What is expected, in words: `every request of shoppers: status 200 (after rotate-certificate)`.
    public var words: String {
        if case .order(let subjects) = claim {
            let text = "in this order: " + subjects.map(\.words).joined(separator: "; ")
            return window.text.isEmpty ? text : text + " (\(window.text))"
        }
        if case .query(let sql, let claim) = claim { return "\(claim.words) from \(sql)" }
        guard let subject else { return "" }
        var text = head(subject)
        if !subject.claim.isEmpty { text += ": \(subject.claim)" }
        switch hold {
        case .lasting(let duration)?: text += ", for \(duration.humanText)"
        case .toTheEnd?: text += ", for the rest"
        case nil: break
        }
        return window.text.isEmpty ? text : text + " (\(window.text))"
    }

    private func head(_ subject: Subject) -> String {
        let noun = subject.noun
        let isState: Bool
        var one = "\(noun.one.first.map { "aeiou".contains($0) } ?? false ? "an" : "a") \(noun.one)"
        switch subject {
        case .object, .cloud, .servers, .certificate: (isState, one) = (true, noun.one)
        case .gone: (isState, one) = (true, "no \(noun.one)")
        default: isState = false
        }
        switch claim {
        case .always: return isState ? "always \(one)" : "every \(noun.one)"
        case .never: return isState ? "never \(one)" : "no \(noun.one)"
        case .eventually: return "at some time \(one)"
        case .within(let bound): return "within \(bound.humanText) \(one)"
        case .count(let bounds):
            let isOne = bounds.atLeast == 1 && bounds.atMost ?? 1 == 1
            return "\(bounds.words { Int($0).grouped }) \(isOne ? noun.one : noun.many)"
        case .share(let bounds): return "\(bounds.words(Percentage.shown)) of the \(noun.many)"
        case .split(let share, let confidence):
            return
                "\(Percentage.shown(share)) of the \(noun.many), to a confidence of \(Percentage.shown(confidence))"
        case .latency(let perMille, let bounds):
            let percent = perMille % 10 == 0 ? "\(perMille / 10)" : "\(perMille / 10).\(perMille % 10)"
            let limits = bounds.words { Duration.nanoseconds(Int64($0 * 1e9)).humanText }
            return "\(limits) for \(percent) in a hundred of the \(noun.many)"
        case .query, .order: return ""
        }
    }
}

extension Bounds {
    /// The limits in words: `at most 40`, `1 to 40`, `exactly 0`.
    func words(_ shown: (Double) -> String) -> String {
        switch (atLeast, atMost) {
        case (let least?, let most?) where least == most: "exactly \(shown(least))"
        case (let least?, let most?): "\(shown(least)) to \(shown(most))"
        case (let least?, nil): "at least \(shown(least))"
        case (nil, let most?): "at most \(shown(most))"
        case (nil, nil): "any number of"
        }
    }
}

extension QueryClaim {
    fileprivate var words: String {
        switch self {
        case .equals(let value): value.text
        case .bounds(let bounds):
            bounds.words { $0 == $0.rounded() && $0.magnitude < 1e15 ? "\(Int64($0))" : "\($0)" }
        }
    }
}
