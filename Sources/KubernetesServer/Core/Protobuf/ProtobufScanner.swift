// SPDX-License-Identifier: Apache-2.0

/// Takes the fields of one message apart.
struct ProtobufScanner {
    /// What stands behind a field's number.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)

        /// The number that the encoding has for this form.
        var wireType: Int {
            switch self {
            case .varint: 0
            case .fixed64: 1
            case .bytes: 2
            case .fixed32: 5
            }
        }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next field; nil at the end.
    ///
    /// - Throws: `ProtobufMistake` where the bytes are no message.
    mutating func next() throws(ProtobufMistake) -> (number: Int, value: Value)? {
        if rest.isEmpty { return nil }
        let tag = try varint()
        guard tag >> 3 <= UInt64(Int32.max) else { throw .overflow }
        let number = Int(tag >> 3)
        guard number > 0 else {
            throw ProtobufMistake(message: "proto: illegal tag \(number) (wire type \(tag & 7))")
        }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2: return (number, .bytes(try bytes()))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw ProtobufMistake(message: "proto: illegal wireType \(tag & 7)")
        }
    }

    private mutating func varint() throws(ProtobufMistake) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard let byte = rest.popFirst() else { throw .unexpectedEnd }
            if shift >= 64 { throw .overflow }
            result |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
    }

    private mutating func fixed(_ count: Int) throws(ProtobufMistake) -> UInt64 {
        guard rest.count >= count else { throw .unexpectedEnd }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func bytes() throws(ProtobufMistake) -> ArraySlice<UInt8> {
        let count = try varint()
        guard count <= UInt64(Int.max) else {
            throw ProtobufMistake(message: "proto: negative length found during unmarshaling")
        }
        guard count <= UInt64(rest.count) else { throw .unexpectedEnd }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
