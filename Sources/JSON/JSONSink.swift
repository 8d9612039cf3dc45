// SPDX-License-Identifier: Apache-2.0

/// JSON on its way out, in memory of its own: an array looks after itself at every byte, which costs more than writing
/// does.
public struct JSONSink: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity: Int

    /// Makes an empty one.
    ///
    /// - Parameter capacity: For how many bytes there is room at first.
    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 16)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// What has been written.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = buffer.initialize(fromContentsOf: UnsafeBufferPointer(start: start, count: count))
        }
    }

    /// Puts what has been written behind other bytes.
    func append(to output: inout [UInt8]) {
        output.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        fresh.initialize(from: start, count: count)
        start.deallocate()
        (start, capacity) = (fresh, larger)
    }

    /// Appends a byte as it is.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    /// Appends bytes as they are.
    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).initialize(from: base, count: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    private mutating func append(ascii text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a value without white space, members in their order.
    public mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append(ascii: "null")
        case .bool(let value): append(ascii: value ? "true" : "false")
        case .integer(let number): append(number)
        case .number(let text):
            var copy = text
            copy.withUTF8 { append($0) }
        case .string(let text): append(text)
        case .array(let items):
            append(UInt8(ascii: "["))
            var isFirst = true
            for item in items {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                append(item)
            }
            append(UInt8(ascii: "]"))
        case .object(let object):
            append(UInt8(ascii: "{"))
            var isFirst = true
            for member in object.members {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                append(member.key, member.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Appends a member: its name, a colon and its value.
    public mutating func append(_ key: String, _ value: JSONValue) {
        append(key)
        append(UInt8(ascii: ":"))
        append(value)
    }

    private mutating func append(_ number: Int64) {
        var magnitude = number.magnitude
        reserve(20)
        if number < 0 { append(UInt8(ascii: "-")) }
        let first = count
        repeat {
            start[count] = 0x30 + UInt8(magnitude % 10)
            count += 1
            magnitude /= 10
        } while magnitude > 0
        var digits = UnsafeMutableBufferPointer(start: start + first, count: count - first)
        digits.reverse()
    }

    /// Appends a text with its quotes; only what must be escaped is.
    public mutating func append(_ text: String) {
        var copy = text
        copy.withUTF8 { utf8 in
            reserve(utf8.count + 2)
            start[count] = UInt8(ascii: "\"")
            count += 1
            if Self.isClean(utf8) {
                append(utf8)
            } else {
                appendEscaped(utf8)
            }
            append(UInt8(ascii: "\""))
        }
    }

    /// True when nothing has to be escaped, which nearly always is so: eight bytes are looked at in one step.
    @inline(__always)
    private static func isClean(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        /// Has the top bit of a byte set when a byte is zero.
        @inline(__always) func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & tops }
        let raw = UnsafeRawBufferPointer(utf8)
        var place = 0
        while place + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let low = (word &- (ones &* 0x20)) & ~word & tops
            if low | zeros(word ^ (ones &* 0x22)) | zeros(word ^ (ones &* 0x5c)) != 0 { return false }
            place += 8
        }
        while place < raw.count {
            let byte = raw[place]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
            place += 1
        }
        return true
    }

    @inline(never)
    private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
        var clean = 0
        for place in 0..<utf8.count {
            let byte = utf8[place]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            append(UnsafeBufferPointer(rebasing: utf8[clean..<place]))
            append(escapeOf: byte)
            clean = place + 1
        }
        append(UnsafeBufferPointer(rebasing: utf8[clean...]))
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
            let digit = byte & 15
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
