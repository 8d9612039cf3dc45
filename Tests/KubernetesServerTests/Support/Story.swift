// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTPTypes
import JSON

/// Exchanges with a server, one a line, told in order.
///
/// A line has a `title`, a `request` with `method`, `path`, `type` and `body`, and what is expected: the `status`, and
/// the parts of the `body` that matter. `${class}` stands for any value of a class, `${class:name}` for one that is the
/// same wherever the name stands; a request may use what an earlier answer has shown.
struct Story: CustomStringConvertible, Sendable {
    let name: String
    private let lines: [JSONValue]

    var description: String { name }

    /// The stories of `Tests/Stories`.
    static let all: [Story] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Stories")
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.compactMap { try? Story($0) }
    }()

    private init(_ file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        let text = try String(contentsOf: file, encoding: .utf8)
        lines = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Tells the story to a server.
    ///
    /// - Returns: What was otherwise than expected.
    func tell(_ server: TestServer) async throws -> [String] {
        var differences: [String] = []
        var known: [String: String] = [:]
        for line in lines {
            let title = line["title"]?.stringValue ?? ""
            let request = line["request"] ?? [:]
            let answer = await server.call(
                HTTPRequest.Method(rawValue: request["method"]?.stringValue ?? "GET") ?? .get,
                Self.fill(request["path"] ?? "", known).stringValue ?? "",
                request["body"].map { Self.fill($0, known) },
                type: request["type"]?.stringValue ?? "application/json"
            )
            if let status = line["status"]?.intValue, status != answer.status {
                differences.append(
                    "\(title): expected status \(status), found \(answer.status) \(answer.text)"
                )
            }
            if let body = line["body"] {
                Self.compare(body, answer.json, "$", &known) { differences.append("\(title): \($0)") }
            }
        }
        return differences
    }

    private static func fill(_ value: JSONValue, _ known: [String: String]) -> JSONValue {
        switch value {
        case .string(let text):
            var result = text
            for (name, found) in known.sorted(by: { $0.key < $1.key }) {
                result = result.replacingOccurrences(of: "${\(name)}", with: found)
            }
            return .string(result)
        case .array(let items): return .array(items.map { fill($0, known) })
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.key, fill($0.value, known)) }))
        default: return value
        }
    }

    private static func compare(
        _ expected: JSONValue,
        _ found: JSONValue?,
        _ path: String,
        _ known: inout [String: String],
        _ report: (String) -> Void
    ) {
        switch (expected, found) {
        case (.string(let text), _) where text.hasPrefix("${") && text.hasSuffix("}"):
            let name = String(text.dropFirst(2).dropLast())
            guard let value = found?.stringValue, fits(value, name) else {
                return report("\(path): expected \(text), found \(found?.text ?? "nothing")")
            }
            guard name.contains(":") else { return }
            if let earlier = known[name], earlier != value {
                report("\(path): expected \(earlier) as before, found \(value)")
            } else if known[name] == nil {
                if known.contains(where: { $0.value == value && $0.key.prefix(2) == name.prefix(2) }) {
                    report("\(path): \(value) stands for \(text), and for something else before")
                }
                known[name] = value
            }
        case (.object(let object), .object(let other)?):
            for member in object.members {
                compare(member.value, other[member.key], "\(path).\(member.key)", &known, report)
            }
        case (.array(let items), .array(let others)?) where items.count == others.count:
            for (index, item) in items.enumerated() {
                compare(item, others[index], "\(path)[\(index)]", &known, report)
            }
        default:
            if expected != found {
                report("\(path): expected \(expected.text), found \(found?.text ?? "nothing")")
            }
        }
    }

    private static func fits(_ value: String, _ name: String) -> Bool {
        switch name.prefix(while: { $0 != ":" }) {
        case "uid": value.count == 36
        case "rv": Int64(value) != nil
        case "ts": value.hasSuffix("Z") && value.count == 20
        default: true
        }
    }
}
