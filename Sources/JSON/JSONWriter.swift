// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON without white space, members in their order.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(to: &output)
        return output
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
        switch self {
        case .null: output.append(ascii: "null")
        case .bool(let value): output.append(ascii: value ? "true" : "false")
        case .integer(let number): output.append(decimal: number)
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): output.append(jsonString: text)
        case .array(let items):
            output.append(UInt8(ascii: "["))
            var isFirst = true
            for item in items {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                item.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in object.members {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                output.append(jsonString: member.key)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
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
                output.append(jsonString: member.key)
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

    fileprivate mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var magnitude = number.magnitude
        if magnitude < 10 { return append(0x30 + UInt8(magnitude)) }
        let start = count
        while magnitude > 0 {
            append(0x30 + UInt8(magnitude % 10))
            magnitude /= 10
        }
        self[start...].reverse()
    }

    /// Appends a text with its quotes; only what must be escaped is.
    fileprivate mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { utf8 in
            // Nearly all texts are clean, which is found out without a branch for each byte.
            var found: UInt8 = 0
            for byte in utf8 {
                found |= byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
            }
            if found == 0 { return append(contentsOf: utf8) }
            var clean = 0
            for place in 0..<utf8.count {
                let byte = utf8[place]
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
                append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean..<place]))
                append(escapeOf: byte)
                clean = place + 1
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean...]))
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escapeOf byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x0a: append(UInt8(ascii: "n"))
        case 0x0d: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x08: append(UInt8(ascii: "b"))
        case 0x0c: append(UInt8(ascii: "f"))
        default:
            append(ascii: "u00")
            append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
        }
    }
}
