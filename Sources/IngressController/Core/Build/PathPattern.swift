// SPDX-License-Identifier: Apache-2.0

/// Turns a path of an Ingress into the values of a path condition.
///
/// - Source: the product's page on path types and the open-source builder; documented.
enum PathPattern {
    /// The values for one path.
    ///
    /// - Throws: For a wildcard where the path type allows none.
    static func values(path: String, type: String, isRegex: Bool) throws(BuildError) -> [String] {
        guard ConditionsAnnotation.isPlain(path) else {
            throw BuildError("path \"\(path)\": expected no control characters")
        }
        switch type {
        case "Exact":
            try refuseWildcards(path, type)
            return [path]
        case "Prefix":
            if path == "/" { return ["/*"] }
            if isRegex { return ["~*" + path] }
            try refuseWildcards(path, type)
            let stem = path.hasSuffix("/") ? String(path.dropLast()) : path
            return [stem, stem + "/*"]
        default: return [path]
        }
    }

    /// True when paths of type Prefix are regular expressions.
    static func isRegex(_ annotations: Annotations, path: String) -> Bool {
        if let target = annotations.text(.rewriteTarget), target != path { return true }
        if annotations.profile.has(.valuesReadTooLiterally) {
            return annotations.text(.useRegex).map { $0 != path } ?? false
        }
        return annotations.isTrue(.useRegex)
    }

    private static func refuseWildcards(_ path: String, _ type: String) throws(BuildError) {
        if path.contains(where: { $0 == "*" || $0 == "?" }) {
            throw BuildError("path \"\(path)\": a path of type \(type) may not contain * or ?")
        }
    }
}
