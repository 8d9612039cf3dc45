// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no message, in the words of the real server's reader.
struct ProtobufMistake: Error, Equatable {
    let message: String

    static let unexpectedEnd = ProtobufMistake(message: "unexpected EOF")
    static let overflow = ProtobufMistake(message: "proto: integer overflow")
    static let tooDeep = ProtobufMistake(message: "proto: nesting is too deep")

    static func wrongType(_ type: Int, field: String) -> ProtobufMistake {
        ProtobufMistake(message: "proto: wrong wireType = \(type) for field \(field)")
    }
}
