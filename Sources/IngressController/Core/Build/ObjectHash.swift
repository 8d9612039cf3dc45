// SPDX-License-Identifier: Apache-2.0
import Crypto
import JSON
import KubernetesAPI

/// The label that says which version of an object was applied last.
///
/// - Source: the open-source controller; seen upstream. It takes SHA-224 of a YAML text; here it is as many
///   digits of SHA-256 of a JSON text, so labels of a real cluster fit nothing here.
enum ObjectHash {
    /// The label's key.
    static let label = AnnotationName.prefix + "hash"

    /// The key that is removed instead of the label's own where that defect is.
    static let mistakenLabel = AnnotationName.prefix + "albconfig.hash"

    private static let length = 56

    /// The hash of an object's spec, annotations and deletion.
    static func value(of object: KubernetesObject, profile: Profile) -> String {
        let keys = object.annotations.keys.sorted()
        var parts: [JSONValue] = [
            object["spec"] ?? .null,
            .object(JSONObject(keys.map { ($0, .string(object.annotations[$0] ?? "")) })),
            object[path: "metadata", "deletionTimestamp"] ?? .null,
        ]
        // Without a name in it a copy of an object has the hash of its original.
        if !profile.has(.copiedHashLabelHidesIngress) { parts.append(.string("\(object.key) \(object.uid)")) }
        if profile.has(.hashIgnoresZeroValues) { parts = parts.compactMap(pruned) }
        let digest = SHA256.hash(data: JSONValue.array(parts).sorted.bytes)
        return String(ResourceNames.hex(digest).prefix(length))
    }

    /// True for an object whose label says that it was applied as it is.
    static func isApplied(_ object: KubernetesObject, profile: Profile) -> Bool {
        profile.keepsHashLabels && object.labels[label] == value(of: object, profile: profile)
    }

    /// The value without members that are null, empty, false or zero; nil when nothing is left.
    private static func pruned(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .null, .bool(false), .integer(0), .string(""): return nil
        case .object(let object):
            let members = object.members.compactMap { member in
                pruned(member.value).map { (member.key, $0) }
            }
            return members.isEmpty ? nil : .object(JSONObject(members))
        case .array(let items):
            // Within a list only maps lose members: its places count.
            return items.isEmpty ? nil : .array(items.map { pruned($0) ?? .null })
        default: return value
        }
    }
}
