// SPDX-License-Identifier: Apache-2.0

/// Paths as text: nothing here looks at a disk.
enum SourcePath {
    /// The folder that a path lies in; `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    /// `path` as seen from `folder`, without `.` and without what `..` takes back.
    static func resolve(_ path: String, from folder: String) -> String {
        let whole = path.hasPrefix("/") || folder == "." || folder.isEmpty ? path : "\(folder)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !whole.hasPrefix("/") {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if whole.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// True for the names that manifests have.
    static func isManifest(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }
}
