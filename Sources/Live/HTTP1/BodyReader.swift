// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

/// Takes a message's body out of the bytes of a connection.
struct BodyReader {
    private enum Phase: Equatable {
        case length(Int64)
        case chunkSize
        case chunk(Int64)
        case chunkEnd
        case trailers
        case endless
        case over
    }

    private var phase: Phase
    private var rest: Int64
    private var lines: HeadReader
    /// The fields at the end; nil when there are none.
    private(set) var trailers: HTTPFields?

    private static let longestChunkLine = 1024

    init(_ framing: BodyFraming, limits: MessageLimits) {
        rest = limits.bodyBytes ?? .max
        lines = HeadReader(limits: MessageLimits(targetBytes: 8192, fieldBytes: limits.fieldBytes))
        switch framing {
        case .none: phase = .over
        case .length(let length): phase = .length(length)
        case .chunked: phase = .chunkSize
        case .untilClose, .tunnel: phase = .endless
        }
    }

    /// True when the whole body has been taken.
    var isOver: Bool { phase == .over }

    /// True when the end of the connection is the body's proper end.
    var endsWithConnection: Bool { phase == .endless }

    /// Takes what has come.
    ///
    /// - Throws: `MessageFault` when the bytes break the rules of chunks, or there are too many.
    mutating func read(_ input: inout ByteBuffer, into body: inout [UInt8]) throws(MessageFault) {
        while true {
            switch phase {
            case .over: return
            case .endless:
                take(Int64(input.readableBytes), &input, &body)
                return
            case .length(let left):
                if left > rest { throw .bodyTooLarge }
                let taken = take(left, &input, &body)
                phase = taken == left ? .over : .length(left - taken)
                if taken < left { return }
            case .chunk(let left):
                let taken = take(left, &input, &body)
                rest -= taken
                phase = taken == left ? .chunkEnd : .chunk(left - taken)
                if taken < left { return }
            case .chunkEnd:
                guard input.readableBytes >= 2 else { return }
                guard input.readInteger(as: UInt16.self) == 0x0d0a else { throw .malformed }
                phase = .chunkSize
            case .chunkSize:
                guard let size = try chunkSize(&input) else { return }
                if size > rest { throw .bodyTooLarge }
                phase = size == 0 ? .trailers : .chunk(size)
            case .trailers:
                guard try readTrailers(&input) else { return }
                phase = .over
            }
        }
    }

    @discardableResult
    private func take(_ wanted: Int64, _ input: inout ByteBuffer, _ body: inout [UInt8]) -> Int64 {
        let count = Int(min(wanted, Int64(input.readableBytes)))
        guard count > 0 else { return 0 }
        input.readWithUnsafeReadableBytes { bytes in
            body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
        return Int64(count)
    }

    /// A chunk's size; nil while its line is not whole.
    private func chunkSize(_ input: inout ByteBuffer) throws(MessageFault) -> Int64? {
        let found = input.withUnsafeReadableBytes {
            bytes -> Result<(size: Int64, length: Int)?, MessageFault> in
            guard let end = bytes.firstIndex(of: 10) else {
                return bytes.count > Self.longestChunkLine ? .failure(.malformed) : .success(nil)
            }
            guard end > 1, end <= Self.longestChunkLine, bytes[end - 1] == 13 else {
                return .failure(.malformed)
            }
            var (size, digits) = (Int64(0), 0)
            for byte in bytes[..<(end - 1)] {
                guard let digit = Self.digit(byte) else {
                    // An extension, which nobody uses, may follow.
                    guard byte == UInt8(ascii: ";") || byte == 32 || byte == 9 else {
                        return .failure(.malformed)
                    }
                    break
                }
                digits += 1
                if digits > 15 { return .failure(.malformed) }
                size = size << 4 | Int64(digit)
            }
            let hasControls = bytes[..<(end - 1)].contains { $0 < 32 && $0 != 9 }
            guard digits > 0, !hasControls else { return .failure(.malformed) }
            return .success((size, end + 1))
        }
        guard let (size, length) = try found.get() else { return nil }
        input.moveReaderIndex(forwardBy: length)
        return size
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// True when the blank line after the last chunk has come.
    private mutating func readTrailers(_ input: inout ByteBuffer) throws(MessageFault) -> Bool {
        let found = input.withUnsafeReadableBytes { bytes -> Result<(Int, HTTPFields)?, MessageFault> in
            do throws(MessageFault) {
                guard let end = try lines.end(in: bytes) else { return .success(nil) }
                var fields = HeadLines(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
                try fields.readFields(isRequest: false)
                return .success((end, fields.fields))
            } catch {
                return .failure(error)
            }
        }
        guard let (length, fields) = try found.get() else { return false }
        input.moveReaderIndex(forwardBy: length)
        if !fields.isEmpty { trailers = fields }
        return true
    }
}
