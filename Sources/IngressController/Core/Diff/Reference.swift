// SPDX-License-Identifier: Apache-2.0
import JSON

/// Stands for the id of something that a plan makes, until it is made.
///
/// Written into parameters as a text that begins with a control character, which no value from a user has.
enum Reference: Hashable, Sendable, CustomStringConvertible {
    case loadBalancer
    case listener(ListenerPort)
    case serverGroup(ServerGroupKey)
    case certificate(String)
    case accessList(String)
    case rule(ListenerPort, Rule.Direction, Int)

    private static let mark: Character = "\u{1}"

    /// What it stands for, in words.
    var description: String {
        switch self {
        case .loadBalancer: "load balancer"
        case .listener(let port): "listener \(port)"
        case .serverGroup(let key): "server group \(key)"
        case .certificate(let name): "certificate \(name)"
        case .accessList(let name): "access list \(name)"
        case .rule(let port, let direction, let priority):
            "rule \(port) \(direction.rawValue) \(priority)"
        }
    }

    /// The text in parameters.
    var text: String { "\(Self.mark)\(description)" }

    /// True for a text that stands for an id.
    static func isReference(_ text: String) -> Bool { text.first == mark }

    /// The value with what is known put in.
    static func resolve(_ value: JSONValue, _ known: [String: String]) -> JSONValue {
        switch value {
        case .string(let text): .string(isReference(text) ? known[text] ?? text : text)
        case .array(let items): .array(items.map { resolve($0, known) })
        case .object(let object): .object(resolve(object, known))
        default: value
        }
    }

    /// The object with what is known put in.
    static func resolve(_ object: JSONObject, _ known: [String: String]) -> JSONObject {
        JSONObject(object.members.map { ($0.key, resolve($0.value, known)) })
    }

    /// The first reference that is left in a value.
    static func open(in value: JSONValue) -> String? {
        switch value {
        case .string(let text): isReference(text) ? String(text.dropFirst()) : nil
        case .array(let items): items.lazy.compactMap { open(in: $0) }.first
        case .object(let object): object.members.lazy.compactMap { open(in: $0.value) }.first
        default: nil
        }
    }

    /// The value as people read it: references in angle brackets, keys of certificates left out.
    static func shown(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(isReference(text) ? "<\(text.dropFirst())>" : text)
        case .array(let items): .array(items.map(shown))
        case .object(let object):
            .object(
                JSONObject(object.members.map { ($0.key, $0.key == "PrivateKey" ? "…" : shown($0.value)) })
            )
        default: value
        }
    }
}
