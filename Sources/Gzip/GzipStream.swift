// SPDX-License-Identifier: Apache-2.0

/// A body on its way, packed as gzip (RFC 1952).
public struct GzipStream: Sendable {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    private var deflate = Deflate()
    private var check: UInt32 = 0xffff_ffff
    private var count: UInt32 = 0
    private var hasBegun = false

    /// Begins a body.
    public init() {}

    /// Packs a piece of the body; the last one brings the end.
    public mutating func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var packed: [UInt8] = hasBegun ? [] : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        hasBegun = true
        for byte in bytes { check = Self.table[Int((check ^ UInt32(byte)) & 0xff)] ^ check >> 8 }
        count &+= UInt32(truncatingIfNeeded: bytes.count)
        if !bytes.isEmpty { packed += deflate.pack(bytes) }
        guard isLast else { return packed }
        packed += deflate.finish()
        for value in [~check, count] {
            packed += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
        }
        return packed
    }
}

extension GzipStream {
    /// A whole body at once, packed in pieces so that the memory it takes stays small.
    public static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var stream = GzipStream()
        var packed: [UInt8] = []
        packed.reserveCapacity(bytes.count / 4 + 64)
        var place = 0
        repeat {
            let end = min(place + 65_536, bytes.count)
            packed += stream.pack(Array(bytes[place..<end]), isLast: end == bytes.count)
            place = end
        } while place < bytes.count
        return packed
    }

    /// True when an Accept-Encoding field takes gzip, by its name or by `*`.
    public static func isAccepted(_ acceptEncoding: String) -> Bool {
        let codings = AcceptedCodings(acceptEncoding)
        return codings.takes(["gzip", "x-gzip"]) ?? codings.takes(["*"]) ?? false
    }
}
