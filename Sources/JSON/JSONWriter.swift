// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON without white space, members in their order.
    public var bytes: [UInt8] {
        var sink = JSONSink(capacity: 512)
        sink.append(self)
        return sink.bytes
    }

    /// The value as JSON text without white space, members in their order.
    public var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The value as JSON text over several lines, two blanks for each level.
    public var prettyText: String {
        var output: [UInt8] = []
        writePretty(to: &output, indentation: 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the value as JSON without white space.
    public func write(to output: inout [UInt8]) {
        var sink = JSONSink(capacity: 512)
        sink.append(self)
        sink.append(to: &output)
    }

    private func writePretty(to output: inout [UInt8], indentation: Int) {
        func newLine(_ depth: Int) {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
        }
        switch self {
        case .array(let items) where !items.isEmpty:
            output.append(UInt8(ascii: "["))
            for (place, item) in items.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                newLine(indentation + 1)
                item.writePretty(to: &output, indentation: indentation + 1)
            }
            newLine(indentation)
            output.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            output.append(UInt8(ascii: "{"))
            for (place, member) in object.members.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                newLine(indentation + 1)
                JSONValue.string(member.key).write(to: &output)
                output.append(ascii: ": ")
                member.value.writePretty(to: &output, indentation: indentation + 1)
            }
            newLine(indentation)
            output.append(UInt8(ascii: "}"))
        default: write(to: &output)
        }
    }

    /// The value with the members of every object in the order of their names.
    public var sorted: JSONValue {
        switch self {
        case .array(let items): return .array(items.map(\.sorted))
        case .object(let object):
            var copy = JSONObject(object.members.map { ($0.key, $0.value.sorted) })
            copy.sortKeys()
            return .object(copy)
        default: return self
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(ascii text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
