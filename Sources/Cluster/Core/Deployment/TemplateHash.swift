// SPDX-License-Identifier: Apache-2.0
import JSON

/// The name that a pod template gives to its ReplicaSet: the label `pod-template-hash`.
///
/// - Source: upstream hashes its own print of the template with 32-bit FNV and writes the decimal digits with
///   letters that make no words. The letters are the same here, the bytes hashed are the sorted JSON: other
///   hashes than upstream's, of the same form; assumed.
enum TemplateHash {
    /// The label that carries the hash.
    static let label = "pod-template-hash"

    private static let letters = Array("bcdfghjklmnpqrstvwxz2456789")

    /// The hash of a template; `collisions` tells templates apart that hash alike.
    static func hash(_ template: JSONValue, collisions: Int?) -> String {
        var hash = FowlerNollVo.hash32(template.sorted.bytes)
        if let collisions { hash = FowlerNollVo.hash32(String(collisions).utf8, from: hash) }
        return String(String(hash).utf8.map { letters[Int($0 - 0x30)] })
    }

    /// The template without the hash label: what two templates are compared by.
    static func stripped(_ template: JSONValue?) -> JSONValue {
        var template = template ?? .object([:])
        template.set(["metadata", "labels", label], nil)
        return template
    }
}
