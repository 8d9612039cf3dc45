// SPDX-License-Identifier: Apache-2.0

/// The contents of a Brotli block: its prefix codes, then its commands.
///
/// - Source: RFC 7932, 3.4, 3.5, 4, 5 and 9.2: documented.
struct BrotliBlock {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let commands: [BrotliCommand]
    private let literals: PrefixCode
    private let lengths: PrefixCode
    private let distances: PrefixCode

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ commands: [BrotliCommand]) {
        self.bytes = bytes
        self.commands = commands
        var literals = [Int](repeating: 0, count: 256)
        var lengths = [Int](repeating: 0, count: 704)
        var distances = [Int](repeating: 0, count: 64)
        for command in commands {
            for byte in bytes[command.start..<(command.start + command.inserted)] {
                literals[Int(byte)] += 1
            }
            lengths[Self.lengthSymbol(command)] += 1
            if command.copied > 0 { distances[Self.distance(command.distance).symbol] += 1 }
        }
        self.literals = PrefixCode(frequencies: literals, longest: 15)
        self.lengths = PrefixCode(frequencies: lengths, longest: 15)
        self.distances = PrefixCode(frequencies: distances, longest: 15)
    }

    func write(to writer: inout BitWriter) {
        writer.put(0, 3)  // one type of block for each alphabet
        writer.put(0, 6)  // distances by their plain table
        writer.put(0, 2)  // contexts of literals, which are all the same
        writer.put(0, 2)  // one code for all literals, one for all distances
        literals.write(to: &writer, symbolBits: 8)
        lengths.write(to: &writer, symbolBits: 10)
        distances.write(to: &writer, symbolBits: 6)
        for command in commands { write(command, to: &writer) }
    }

    private func write(_ command: BrotliCommand, to writer: inout BitWriter) {
        lengths.put(Self.lengthSymbol(command), to: &writer)
        let insert = Self.inserts[Self.inserts.row(for: command.inserted)]
        writer.put(UInt64(command.inserted - insert.base), insert.extra)
        // A block that ends with its bytes has a repeat too, which is never read.
        let copied = max(command.copied, 2)
        let copy = Self.copies[Self.copies.row(for: copied)]
        writer.put(UInt64(copied - copy.base), copy.extra)
        for byte in bytes[command.start..<(command.start + command.inserted)] {
            literals.put(Int(byte), to: &writer)
        }
        guard command.copied > 0 else { return }
        let distance = Self.distance(command.distance)
        distances.put(distance.symbol, to: &writer)
        writer.put(UInt64(distance.rest), distance.extra)
    }

    // MARK: Alphabets

    private static let inserts: [CodeRange] = [
        (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 1), (8, 1), (10, 2), (14, 2), (18, 3), (26, 3),
        (34, 4), (50, 4), (66, 5), (98, 5), (130, 6), (194, 7), (322, 8), (578, 9), (1090, 10), (2114, 12),
        (6210, 14), (22_594, 24),
    ]

    private static let copies: [CodeRange] = [
        (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 1), (12, 1), (14, 2), (18, 2),
        (22, 3), (30, 3), (38, 4), (54, 4), (70, 5), (102, 5), (134, 6), (198, 7), (326, 8), (582, 9),
        (1094, 10), (2118, 24),
    ]

    /// Where the symbols of a pair of tables' eighths begin; the distance always follows.
    private static let cells = [[128, 192, 384], [256, 320, 512], [448, 576, 640]]

    private static func lengthSymbol(_ command: BrotliCommand) -> Int {
        let insert = inserts.row(for: command.inserted)
        let copy = copies.row(for: max(command.copied, 2))
        return cells[insert / 8][copy / 8] + (insert & 7) << 3 + copy & 7
    }

    /// A distance's symbol, and what follows it.
    private static func distance(_ distance: Int) -> (symbol: Int, extra: Int, rest: Int) {
        let value = distance + 3
        let extra = Int.bitWidth - 2 - value.leadingZeroBitCount
        let top = value >> extra
        return (16 + 2 * (extra - 1) + (top - 2), extra, value - top << extra)
    }
}

extension PrefixCode {
    /// Writes the code itself.
    func write(to writer: inout BitWriter, symbolBits: Int) {
        guard symbols.count > 1 else {
            writer.put(1, 2)  // a short list of symbols
            writer.put(0, 2)  // of one
            return writer.put(UInt64(symbols.first ?? 0), symbolBits)
        }
        let steps = Self.steps(lengths)
        var frequencies = [Int](repeating: 0, count: 18)
        for step in steps { frequencies[step.symbol] += 1 }
        // A code of one symbol would be a case of its own.
        if frequencies.filter({ $0 > 0 }).count == 1 { frequencies[frequencies[0] > 0 ? 1 : 0] = 1 }
        let code = PrefixCode(frequencies: frequencies, longest: 5)
        writer.put(0, 2)  // no length is left out at the front
        var room = 32
        for symbol in Self.order where room > 0 {
            let length = code.lengths[symbol]
            let (value, count) = Self.lengthCodes[length]
            writer.put(value, count)
            if length > 0 { room -= 32 >> length }
        }
        for step in steps {
            code.put(step.symbol, to: &writer)
            if step.symbol == 17 { writer.put(UInt64(step.extra), 3) }
        }
    }

    /// The order in which the lengths of the lengths' own code come.
    private static let order = [1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15]

    /// How those are written.
    private static let lengthCodes: [(value: UInt64, count: Int)] = [
        (0b00, 2), (0b0111, 4), (0b011, 3), (0b10, 2), (0b01, 2), (0b1111, 4),
    ]

    /// The lengths of a code up to the last symbol that comes, with runs of zeros as 17.
    private static func steps(_ lengths: [Int]) -> [(symbol: Int, extra: Int)] {
        var steps: [(symbol: Int, extra: Int)] = []
        var zeros = 0
        for length in lengths {
            guard length > 0 else {
                zeros += 1
                continue
            }
            steps += run(ofZeros: zeros)
            zeros = 0
            steps.append((length, 0))
        }
        return steps
    }

    /// Each 17 after another makes what is counted so far eight times as long.
    private static func run(ofZeros count: Int) -> [(symbol: Int, extra: Int)] {
        guard count >= 3 else { return Array(repeating: (0, 0), count: count) }
        var digits: [(symbol: Int, extra: Int)] = []
        var rest = count - 3
        while true {
            digits.append((17, rest & 7))
            rest >>= 3
            if rest == 0 { break }
            rest -= 1
        }
        return digits.reversed()
    }
}
