// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// Puts the actions of one rule into the order in which they are sent.
///
/// - Source: the open-source builder; seen upstream.
enum RuleActionBuilder {
    /// The actions that the annotations of an Ingress add to every rule.
    static func common(
        _ annotations: Annotations
    ) throws(BuildError) -> (limit: RuleAction?, cors: RuleAction?) {
        let qps = annotations.integer(.trafficLimitQPS), perIP = annotations.integer(.trafficLimitIPQPS)
        if let qps, let perIP, perIP >= qps {
            throw BuildError(
                Annotations.sentence(
                    key: AnnotationName.trafficLimitIPQPS.key,
                    value: String(perIP),
                    expected: "less than the \(qps) of \(AnnotationName.trafficLimitQPS.key)"
                )
            )
        }
        let limit = qps != nil || perIP != nil ? RuleAction.trafficLimit(qps: qps, perIPQPS: perIP) : nil
        return (limit, CORSSettings.action(annotations))
    }

    /// The rewrite that the annotation asks for.
    static func rewrite(_ annotations: Annotations) -> RuleAction? {
        annotations.text(.rewriteTarget).map { .rewrite(host: "${host}", path: $0, query: "${query}") }
    }

    /// Limits first, then what changes the request, then the final one.
    ///
    /// - Parameters:
    ///   - found: All actions in the order in which they were met.
    ///   - direction: Answers need no final action.
    /// - Returns: The actions in the order in which they are sent.
    /// - Throws: `BuildError` when there are several final actions, or none where one is needed.
    static func ordered(_ found: [RuleAction], direction: Rule.Direction) throws(BuildError) -> [RuleAction] {
        var limits: [RuleAction] = [], others: [RuleAction] = [], final: [RuleAction] = []
        for action in found {
            if case .trafficLimit = action {
                limits.append(action)
            } else if action.isFinal {
                final.append(action)
            } else {
                others.append(action)
            }
        }
        if limits.count > 1 { throw BuildError("a rule can have one TrafficLimit, found \(limits.count)") }
        if final.count > 1 {
            let names = final.map(\.typeName).joined(separator: " and ")
            throw BuildError("a rule can have one final action, found \(names)")
        }
        if final.isEmpty, direction == .request {
            throw BuildError("a rule needs a ForwardGroup, Redirect or FixedResponse, found none")
        }
        return limits + others + final
    }

    /// The actions of a rule that sends clients to HTTPS.
    ///
    /// A limit needs an action that forwards; upstream sends it all the same.
    static func redirected(_ actions: [RuleAction], port: Int, _ profile: Profile) -> [RuleAction] {
        let kept = actions.filter { action in
            switch action {
            case .insertHeader, .removeHeader, .cors: true
            case .trafficLimit: profile.isOpenSource
            default: false
            }
        }
        let target = RedirectTarget(scheme: "HTTPS", port: String(port), status: 308)
        return kept + [.redirect(target)]
    }
}
