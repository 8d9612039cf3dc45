// SPDX-License-Identifier: Apache-2.0

/// Where in an object something is: `spec.rules[0].host`, `data[tls.key]`.
///
/// Paths are made at every step of a check and written out only for the mistakes.
indirect enum FieldPath: Sendable {
    case root(String)
    case child(FieldPath, String)
    case index(FieldPath, Int)
    case key(FieldPath, String)

    /// The path of a top-level field.
    init(_ name: String) {
        self = .root(name)
    }

    /// A member of an object.
    subscript(_ name: String) -> FieldPath { .child(self, name) }

    /// An item of a list.
    subscript(_ index: Int) -> FieldPath { .index(self, index) }

    /// An entry of a map.
    func key(_ key: String) -> FieldPath { .key(self, key) }
}

extension FieldPath: CustomStringConvertible {
    var description: String {
        switch self {
        case .root(let name): name
        case .child(let parent, let name): "\(parent).\(name)"
        case .index(let parent, let index): "\(parent)[\(index)]"
        case .key(let parent, let key): "\(parent)[\(key)]"
        }
    }
}
