// SPDX-License-Identifier: Apache-2.0

/// Flattened parameters put back into a tree: `Rules.2.RuleName` is `RuleName` below `2` below `Rules`.
struct ParameterTree {
    /// A value, or what is below a name, or both.
    struct Node {
        var value: String?
        private(set) var names: [Substring] = []
        private(set) var children: [Node] = []
        /// Places by name; kept only for many children.
        private var index: [Substring: Int]?
        private static let indexLimit = 16

        fileprivate mutating func insert(_ path: ArraySlice<Substring>, _ value: String) {
            guard let name = path.first else {
                self.value = value
                return
            }
            let place = place(of: name) ?? append(name)
            children[place].insert(path.dropFirst(), value)
        }

        func child(_ name: String) -> Node? { place(of: name[...]).map { children[$0] } }

        private func place(of name: Substring) -> Int? {
            if names.last == name { return names.count - 1 }
            if let index { return index[name] }
            return names.firstIndex(of: name)
        }

        private mutating func append(_ name: Substring) -> Int {
            names.append(name)
            children.append(Node())
            index?[name] = names.count - 1
            if index == nil, names.count > Self.indexLimit {
                var fresh: [Substring: Int] = [:]
                for (place, name) in names.enumerated() { fresh[name] = place }
                index = fresh
            }
            return names.count - 1
        }

        /// The children whose names are numbers, in the order of the numbers; gaps don't matter.
        var items: [Node] {
            zip(names, children)
                .compactMap { name, child in UInt32(name).map { ($0, child) } }
                .sorted { $0.0 < $1.0 }
                .map(\.1)
        }
    }

    /// How many dots a name may have; what is deeper is in no table.
    private static let depthLimit = 12
    private(set) var root = Node()

    /// Takes the pairs whose names begin with a parameter of the block; others are ignored, as callers send
    /// parameters that an action does not have.
    init(_ pairs: [(String, String)], block: ParameterBlock) {
        for (name, value) in pairs {
            guard name.utf8.contains(UInt8(ascii: ".")) else {
                if block.place(name) != nil { root.insert([name[...]], value) }
                continue
            }
            let path = name.utf8.split(
                separator: UInt8(ascii: "."),
                maxSplits: Self.depthLimit,
                omittingEmptySubsequences: false
            ).map { Substring($0) }
            guard let first = path.first, path.count <= Self.depthLimit, block.place(String(first)) != nil
            else {
                continue
            }
            root.insert(path[...], value)
        }
    }
}
