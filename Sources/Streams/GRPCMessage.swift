// SPDX-License-Identifier: Apache-2.0

/// Messages of gRPC as they go over a stream: a flag, a length, and the bytes.
///
/// - Source: the gRPC protocol over HTTP/2, length-prefixed messages: documented.
public enum GRPCMessage {
    /// A message as it is sent, not packed.
    public static func bytes(_ message: [UInt8]) -> [UInt8] {
        [0] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: message.count >> ($0 * 8)) } + message
    }

    /// The name of a status, for people: `UNAVAILABLE`; empty for a number that is none.
    ///
    /// - Source: the gRPC status codes: documented.
    public static func name(ofStatus status: Int) -> String {
        statusNames.indices.contains(status) ? statusNames[status] : ""
    }

    private static let statusNames = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
        "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
}

/// Takes the bytes of one side of a gRPC stream, in whatever pieces they come, and gives its messages.
public struct GRPCReader: Sendable {
    /// Bytes of a message at most, as clients have it.
    public static let limit = 4 << 20

    private var pending: [UInt8] = []
    /// True once something came that is no message.
    public private(set) var isBroken = false

    /// Makes a reader at the beginning of a stream.
    public init() {}

    /// Takes bytes, and gives the messages that are whole by now.
    public mutating func read(_ bytes: [UInt8]) -> [[UInt8]] {
        guard !isBroken else { return [] }
        pending += bytes
        var messages: [[UInt8]] = []
        var place = 0
        while pending.count >= place + 5 {
            let length = pending[place + 1..<place + 5].reduce(0) { $0 << 8 | Int($1) }
            guard pending[place] <= 1, length <= Self.limit else {
                isBroken = true
                break
            }
            guard pending.count >= place + 5 + length else { break }
            messages.append(Array(pending[place + 5..<place + 5 + length]))
            place += 5 + length
        }
        pending.removeFirst(place)
        return messages
    }
}
