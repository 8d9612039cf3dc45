// SPDX-License-Identifier: Apache-2.0
import JSON

/// Which of the names that a definition asks for it gets, beside others of its group.
///
/// - Source: the naming controller of apiextensions-apiserver in Kubernetes 1.36 (seen upstream).
struct AcceptedNames {
    /// The names as far as they are accepted.
    let names: JSONValue
    /// Why some are not; the last reason counts.
    let conflict: (reason: String, message: String)?

    init(_ definition: ResourceObject, others: [JSONValue]) {
        let wanted = definition["spec", "names"] ?? [:]
        let present = definition["status", "acceptedNames"] ?? [:]
        func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }
        var resources: [String] = []
        var kinds: [String] = []
        for other in others {
            resources += [other["plural"], other["singular"]].compactMap { $0?.stringValue }
            resources += texts(other["shortNames"])
            kinds += [other["kind"], other["listKind"]].compactMap { $0?.stringValue }
        }
        var accepted = wanted
        var conflict: (reason: String, message: String)?
        func take(_ field: String, _ reason: String, _ used: [String]) {
            let name = wanted[field]?.stringValue ?? ""
            if name == present[field]?.stringValue ?? "" || !used.contains(name) { return }
            conflict = (reason, "\"\(name)\" is already in use")
            accepted[field] = present[field]
        }
        take("plural", "PluralConflict", resources)
        take("singular", "SingularConflict", resources)
        let known = texts(present["shortNames"])
        let taken = texts(wanted["shortNames"]).filter { !known.contains($0) && resources.contains($0) }
        if !taken.isEmpty {
            let words = taken.map { "\"\($0)\" is already in use" }
            let all = words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
            conflict = ("ShortNamesConflict", all)
            accepted["shortNames"] = present["shortNames"]
        }
        take("kind", "KindConflict", kinds)
        take("listKind", "ListKindConflict", kinds)
        names = accepted
        self.conflict = conflict
    }
}
