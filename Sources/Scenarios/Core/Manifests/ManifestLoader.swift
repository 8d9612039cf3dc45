// SPDX-License-Identifier: Apache-2.0
import JSON

/// Reads Kubernetes manifests from files and folders.
struct ManifestLoader {
    let files: any SourceFiles
    /// What was wrong in the manifests themselves.
    private(set) var mistakes: [SourceMistake] = []

    init(files: any SourceFiles) {
        self.files = files
    }

    /// The manifest files that a path names: itself, or those of a folder and its folders in the order of their
    /// paths; nil when there is nothing.
    func manifestFiles(at path: String) -> [String]? {
        guard let names = files.names(in: path) else { return files.bytes(of: path) == nil ? nil : [path] }
        return names.filter { !$0.hasPrefix(".") }.flatMap { name in
            let inner = path == "." ? name : "\(path)/\(name)"
            if files.names(in: inner) != nil { return manifestFiles(at: inner) ?? [] }
            return SourcePath.isManifest(name) ? [inner] : []
        }
    }

    /// The manifest files that a path names, without the scenarios that lie beside them in a folder: `albedo init .`
    /// writes one there.
    func objectFiles(at path: String) -> [String]? {
        let found = manifestFiles(at: path)
        return files.names(in: path) == nil ? found : found?.filter { !isScenario($0) }
    }

    /// True for a file that says it is a scenario.
    func isScenario(_ path: String) -> Bool {
        guard !path.hasSuffix(".json") else { return false }
        let text = String(decoding: files.bytes(of: path) ?? [], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("scenario:") }
    }

    /// What to say about a path that names nothing.
    func help(forMissing path: String) -> String? {
        let folder = SourcePath.folder(of: path)
        guard let names = files.names(in: folder) else {
            return folder == "." || folder == path ? nil : "there is no folder \"\(folder)\" either"
        }
        let visible = names.filter { !$0.hasPrefix(".") }
        guard let nearest = NearMiss.nearest(to: SourcePath.name(of: path), in: visible) else {
            return visible.isEmpty
                ? nil : "in \"\(folder)\" there is: \(visible.prefix(12).joined(separator: ", "))"
        }
        return "did you mean \"\(folder == "." ? nearest : "\(folder)/\(nearest)")\"?"
    }

    /// Reads one file.
    mutating func load(_ path: String) -> [ManifestObject] {
        guard let bytes = files.bytes(of: path) else {
            mistakes.append(
                SourceMistake(
                    place: SourcePlace(file: path),
                    message: "the file cannot be read",
                    suggestion: "check its permissions"
                )
            )
            return []
        }
        do {
            let source = try SourceText(path: path, bytes: bytes)
            if path.hasSuffix(".json") { return try objects(ofJSON: source) }
            return try YAMLParser.documents(source).filter { !$0.isNull }.flatMap {
                objects(of: $0, in: source)
            }
        } catch {
            mistakes.append(error)
            return []
        }
    }

    private mutating func objects(ofJSON source: SourceText) throws(SourceMistake) -> [ManifestObject] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: source.text)
        } catch {
            throw source.mistake(
                YAMLNode.Mark(line: error.line, column: error.column),
                error.message,
                Self.help(forJSON: error.message)
            )
        }
        // JSON is nearly YAML: read so it gives the places of the fields, and nothing is lost when it fails.
        let node = try? YAMLParser.documents(source).first
        return flattened(value, node, at: node?.mark ?? YAMLNode.Mark(line: 1, column: 1), in: source)
    }

    /// The objects of a node: one, or the items of a list kind.
    mutating func objects(of node: YAMLNode, in source: SourceText) -> [ManifestObject] {
        let value = node.json { mark, problem in
            mistakes.append(source.mistake(mark, problem.message, problem.suggestion))
        }
        return flattened(value, node, at: node.mark, in: source)
    }

    private mutating func flattened(
        _ value: JSONValue,
        _ node: YAMLNode?,
        at mark: YAMLNode.Mark,
        in source: SourceText
    ) -> [ManifestObject] {
        if let kind = value["kind"]?.stringValue, kind.hasSuffix("List"),
            let items = value["items"]?.arrayValue
        {
            let nodes = node?["items"]?.items
            return items.enumerated().flatMap { index, item in
                let node = nodes.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                return flattened(item, node, at: node?.mark ?? mark, in: source)
            }
        }
        let object = ManifestObject(json: value, place: source.place(mark), source: source, node: node)
        guard let problem = Self.problem(of: value, written: node?["metadata"]?["name"]?.scalar?.text) else {
            return [object]
        }
        mistakes.append(object.mistake(problem.message, field: problem.field, suggestion: problem.suggestion))
        return []
    }

    /// What to do about a slip in JSON.
    private static func help(forJSON message: String) -> String {
        if message.hasSuffix("found '}'") || message.hasSuffix("found ']'") {
            return "take the comma before it away"
        }
        if message.contains("expected ','") { return "put a comma between the two, or close the bracket" }
        return "compare it with JSON, or save the file as .yaml"
    }

    private struct Problem {
        var message: String
        var field = ""
        var suggestion: String?
    }

    /// What keeps a value from being an object that could be sent at all; the rest is the API server's to say.
    private static func problem(of value: JSONValue, written name: String?) -> Problem? {
        guard case .object(let object) = value else {
            return Problem(
                message: "expected a Kubernetes object, found \(value.found)",
                suggestion: "begin with apiVersion, kind and metadata"
            )
        }
        for member in ["apiVersion", "kind"] where object[member]?.stringValue?.isEmpty ?? true {
            if let value = object[member] {
                return Problem(
                    message: "the object's \(member) must be a text, found \(value.found)",
                    field: member,
                    suggestion: "write it in quotes"
                )
            }
            let near = NearMiss.nearest(to: member, in: Array(object.keys))
            return Problem(
                message: "the object has no \(member)",
                field: near ?? "",
                suggestion: near.map { "\"\($0)\" is spelled \(member)" } ?? "add `\(member): …`"
            )
        }
        let kind = object["kind"]?.stringValue ?? ""
        guard let metadata = object["metadata"]?.objectValue else {
            return Problem(
                message: "\(kind) has no metadata",
                field: "metadata",
                suggestion: "add `metadata: {name: …}`"
            )
        }
        if metadata["name"]?.stringValue?.isEmpty ?? true {
            let found = metadata["name"].map { ", found \($0.found)" } ?? ""
            return Problem(
                message: "\(kind) needs a name that is a text\(found)",
                field: "metadata.name",
                suggestion: metadata["name"].map { "write name: \"\(name ?? $0.text)\"" }
                    ?? "add `name: …` to its metadata"
            )
        }
        return nil
    }
}

extension JSONValue {
    /// What this is, for messages.
    var found: String {
        switch self {
        case .null: "nothing"
        case .array: "a list"
        case .object: "an object"
        case .string(let text): "\"\(text)\""
        default: text
        }
    }
}
