// SPDX-License-Identifier: Apache-2.0

/// The annotations of one Ingress, read by the table.
struct Annotations: Sendable {
    /// All annotations as they are.
    let all: [String: String]
    let profile: Profile

    init(_ all: [String: String], profile: Profile) {
        self.all = all
        self.profile = profile
    }

    /// The value of a key; the NGINX controller's key wins where it counts, whatever its value.
    func raw(_ name: AnnotationName) -> String? { found(name)?.value }

    /// The value of a key; nil when it is absent or blank.
    func text(_ name: AnnotationName) -> String? {
        guard let value = raw(name), !AnnotationForm.trimmed(value).isEmpty else { return nil }
        return value
    }

    /// True when the value is exactly `true`.
    func isTrue(_ name: AnnotationName) -> Bool { raw(name) == "true" }

    /// A flag that is on unless it says `false`.
    func isNotFalse(_ name: AnnotationName) -> Bool { raw(name) != "false" }

    /// A number; nil when there is none.
    func integer(_ name: AnnotationName) -> Int? { text(name).flatMap { Int($0) } }

    /// The parts of a comma-separated list; nil when there is none.
    func list(_ name: AnnotationName) -> [String]? {
        text(name).map(AnnotationForm.parts).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of a key that carries a Service's name: `conditions.tea`.
    func ofService(_ name: String, _ service: String) -> String? {
        let value = all["\(AnnotationName.prefix)\(name).\(service)"]
        return value.flatMap { AnnotationForm.trimmed($0).isEmpty ? nil : $0 }
    }

    /// The Services that keys like `conditions.<service>` name, in order.
    func services(of name: String) -> [String] {
        let prefix = "\(AnnotationName.prefix)\(name)."
        return all.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    /// The keys with our prefix that mean nothing, in order.
    func unknownKeys() -> [String] {
        all.keys.filter { key in
            guard key.hasPrefix(AnnotationName.prefix) else { return false }
            let name = String(key.dropFirst(AnnotationName.prefix.count))
            let isOfService = Self.ofServices.contains { name.hasPrefix($0) }
            return !isOfService && AnnotationName(rawValue: name) == nil && !Self.others.contains(name)
        }.sorted()
    }

    private static let ofServices = ["actions.", "conditions.", "rule-direction."]
    /// Keys that are not the user's, or not an Ingress'.
    private static let others: Set<String> = ["hash", "server-group-id"]

    /// Looks at every value that the table knows.
    ///
    /// - Returns: Sentences to warn with.
    /// - Throws: The first value that keeps the Ingress from being built.
    func check() throws(BuildError) -> [String] {
        var warnings: [String] = []
        for row in AnnotationTable.rows {
            guard let (key, value) = found(row.name), !AnnotationForm.trimmed(value).isEmpty,
                row.enabledBy.map(isTrue) ?? true, let mistake = row.form.mistake(value)
            else { continue }
            let sentence = Self.sentence(key: key, value: value, expected: mistake.expected)
            switch whenWrong(row, mistake) {
            case .refuse: throw BuildError(sentence)
            case .warn: warnings.append(sentence + "; the default counts")
            case .ignore: break
            }
        }
        return warnings
    }

    /// A number that is none is only told of; a number out of range would be refused by the cloud.
    private func whenWrong(
        _ row: AnnotationRule,
        _ mistake: AnnotationForm.Mistake
    ) -> AnnotationRule.WhenWrong {
        let rule = profile.kind == .managed ? row.managed : row.oss
        guard case .malformed = mistake, case .integer = row.form, row.enabledBy == .healthCheckEnabled else {
            return rule
        }
        return profile.kind == .managed ? .warn : .ignore
    }

    private func found(_ name: AnnotationName) -> (key: String, value: String)? {
        if AnnotationTable.row(name)?.hasTwin ?? false, let value = all[name.twinKey] {
            return (name.twinKey, value)
        }
        return all[name.key].map { (name.key, $0) }
    }

    /// The words in which a wrong value is reported.
    static func sentence(key: String, value: String, expected: String) -> String {
        let shown = value.count > 200 ? value.prefix(200) + "…" : value[...]
        return "annotation \(key): expected \(expected), found \"\(shown)\""
    }
}
