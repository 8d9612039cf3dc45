// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// What a canary Ingress takes from its production Ingress.
enum CanaryRole: Sendable, Hashable {
    /// A share of the requests, in percent.
    case weight(Int)
    /// The requests with this header, or with this cookie, or both kinds.
    case matching(header: KeyValue?, cookie: String?)
    /// Nothing.
    case silent

    /// The role that the annotations give; nil for an Ingress that is no canary.
    static func of(_ annotations: Annotations) throws(BuildError) -> CanaryRole? {
        guard annotations.isTrue(.canary) else { return nil }
        let profile = annotations.profile
        let name = annotations.text(.canaryByHeader), cookie = annotations.text(.canaryByCookie)
        let weight = annotations.text(.canaryWeight)
        let hasMatch = name != nil || cookie != nil || annotations.text(.canaryByHeaderValue) != nil
        if weight != nil, hasMatch {
            if profile.has(.headerAndWeightDisableCanary) { return .silent }
            throw BuildError(
                "a canary takes requests by header or cookie, or by weight, found both;"
                    + " remove \(AnnotationName.canaryWeight.key) or the others",
                effect: .leftOut
            )
        }
        // Any number passes upstream; far beyond a hundred they all do the same.
        if let weight { return .weight(min(max(Int(weight) ?? 0, -1000), 1000)) }
        if name == nil, cookie == nil, !profile.has(.bareCanaryTakesAll) {
            throw BuildError(
                "a canary needs a header, a cookie or a weight, found none of them",
                effect: .leftOut
            )
        }
        // Without a value upstream compares with an empty one, which the cloud refuses.
        let value = annotations.text(.canaryByHeaderValue) ?? (profile.kind == .oss ? "" : "always")
        return .matching(header: name.map { KeyValue(key: $0, value: value) }, cookie: cookie)
    }
}
