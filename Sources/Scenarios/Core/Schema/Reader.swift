// SPDX-License-Identifier: Apache-2.0

/// Reads one kind of value from a node, and says what it may be.
struct Reader<Value: Sendable>: Sendable {
    let shape: ValueShape
    /// Gives nil after reporting what is wrong.
    let read: @Sendable (YAMLNode, Decoding) -> Value?

    init(_ shape: ValueShape, _ read: @escaping @Sendable (YAMLNode, Decoding) -> Value?) {
        self.shape = shape
        self.read = read
    }

    /// Turns what was read into something else.
    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Reader<Other> {
        Reader<Other>(shape) { node, decoding in read(node, decoding).map(transform) }
    }

    /// Turns what was read into something else, or reports at its place why that cannot be.
    func tryMap<Other: Sendable>(
        _ transform: @escaping @Sendable (Value) throws(ValueProblem) -> Other
    ) -> Reader<Other> {
        Reader<Other>(shape) { node, decoding in
            guard let value = read(node, decoding) else { return nil }
            do throws(ValueProblem) {
                return try transform(value)
            } catch {
                decoding.mistake(node.mark, error.message, error.suggestion)
                return nil
            }
        }
    }
}

extension Reader {
    /// A scalar that is read by its text.
    static func scalar(
        _ shape: ScalarShape,
        _ parse: @escaping @Sendable (String) throws(ValueProblem) -> Value
    ) -> Reader {
        Reader(.scalar(shape)) { node, decoding in
            guard let scalar = node.scalar, !scalar.isNull else {
                decoding.wrongType(node, .scalar(shape))
                return nil
            }
            do throws(ValueProblem) {
                return try parse(scalar.text)
            } catch {
                decoding.mistake(node.mark, error.message, error.suggestion)
                return nil
            }
        }
    }

    /// A list of values.
    static func list<Item: Sendable>(of item: Reader<Item>) -> Reader where Value == [Item] {
        Reader(.list(item.shape)) { node, decoding in
            guard let items = node.items else {
                decoding.wrongType(node, .list(item.shape))
                return nil
            }
            return items.compactMap { item.read($0, decoding) }
        }
    }

    /// One value or a list of values; the list may not be empty.
    static func oneOrMany<Item: Sendable>(of item: Reader<Item>) -> Reader where Value == [Item] {
        let shape = ValueShape.either([item.shape, .list(item.shape)])
        return Reader(shape) { node, decoding in
            guard let items = node.items else { return item.read(node, decoding).map { [$0] } }
            if items.isEmpty {
                decoding.mistake(
                    node.mark,
                    "expected \(shape.phrase), found an empty list",
                    "write at least one"
                )
                return nil
            }
            return items.compactMap { item.read($0, decoding) }
        }
    }

    /// A mapping from names of the author's choice, in the order of the file.
    static func map<Item: Sendable>(of item: Reader<Item>) -> Reader where Value == [Named<Item>] {
        Reader(.map(item.shape)) { node, decoding in
            guard let entries = node.entries else {
                decoding.wrongType(node, .map(item.shape))
                return nil
            }
            return entries.compactMap { entry in
                item.read(entry.value, decoding).map {
                    Named(name: entry.key.keyText, mark: entry.key.mark, value: $0)
                }
            }
        }
    }
}

/// A value under a name of the author's choice.
struct Named<Value: Sendable>: Sendable {
    var name: String
    var mark: YAMLNode.Mark
    var value: Value
}
