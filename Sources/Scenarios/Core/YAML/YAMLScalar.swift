// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import YAML

/// A scalar as it was written.
struct YAMLScalar: Sendable, Hashable {
    /// The text, quotes and escapes undone.
    var text: String
    /// True without quotes: only then the text may stand for a number, a truth value or nothing.
    var isPlain: Bool
    /// The explicit tag in its short form, `!!str` or `!thing`; empty without one.
    var tag = ""

    /// True for an empty value, `~` and `null`.
    var isNull: Bool { isPlain && tag.isEmpty && PlainScalar.nulls.contains(text) || tag == "!!null" }

    /// The text for messages, not too long.
    var shown: String {
        let line = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return line.count > 60 || line.count < text.count ? "\(line.prefix(60))…" : text
    }
}

/// Why a scalar has no form in JSON.
struct YAMLScalarProblem: Error, Hashable {
    var message: String
    var suggestion: String?
}

extension YAMLScalar {
    /// The value that kubectl would send for this scalar.
    ///
    /// Unquoted words follow YAML 1.1: `yes`, `on` and `y` are true, `0644` is octal, a time stays a text.
    ///
    /// - Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go; seen upstream.
    /// - Throws: for infinities, data that is no text, and a tag that the text does not fit.
    func json() throws(YAMLScalarProblem) -> JSONValue {
        switch tag {
        case "!!str": return .string(text)
        case "!!binary": return .string(try decodedBinary())
        case "!!int", "!!float", "!!bool", "!!null":
            let value = try implicitJSON()
            guard Self.tag(of: value) == tag || (tag == "!!float" && Self.tag(of: value) == "!!int") else {
                throw YAMLScalarProblem(message: "\"\(shown)\" is no \(tag)", suggestion: "leave the tag out")
            }
            return value
        case "": return isPlain ? try implicitJSON() : .string(text)
        default: return .string(text)
        }
    }

    private static func tag(of value: JSONValue) -> String {
        switch value {
        case .null: "!!null"
        case .bool: "!!bool"
        case .integer: "!!int"
        case .number(let text):
            text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "e") } ? "!!int" : "!!float"
        default: "!!str"
        }
    }

    private func implicitJSON() throws(YAMLScalarProblem) -> JSONValue {
        guard let value = PlainScalar.json(text) else {
            throw YAMLScalarProblem(
                message: "\(text) has no form in JSON",
                suggestion: "put it in quotes if it is a text"
            )
        }
        return value
    }

    private func decodedBinary() throws(YAMLScalarProblem) -> String {
        guard let bytes = try? Base64.decode(text.filter { $0 != " " && $0 != "\t" }) else {
            throw YAMLScalarProblem(message: "the data after !!binary is not base64", suggestion: nil)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLScalarProblem(
                message: "the data after !!binary is not text, which JSON cannot hold",
                suggestion: "leave !!binary out: data of a Secret is given as base64"
            )
        }
        return text
    }
}
