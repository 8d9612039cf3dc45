// SPDX-License-Identifier: Apache-2.0
import Ports

/// Changes inputs at random, the same way every time.
struct Mutation {
    private var random: RandomStream
    private let reader: ByteReader
    private let inputs: [[UInt8]]
    private let tokens: [[UInt8]]

    init(_ reader: ByteReader, seed: UInt64) {
        self.reader = reader
        random = RandomStream(seed: seed)
        inputs = Seeds.inputs(reader)
        tokens = Seeds.tokens(reader)
    }

    /// The next input: one of the seeds, or several behind each other, changed in a few places.
    mutating func next() -> [UInt8] {
        var bytes = pick(inputs)
        if below(3) == 0 { bytes += pick(inputs) }
        for _ in 0...below(5) { change(&bytes) }
        return bytes
    }

    private mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }

    private mutating func pick(_ choices: [[UInt8]]) -> [UInt8] { choices[below(choices.count)] }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        switch below(6) {
        case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
        case 2 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
        case 3 where place < bytes.count:
            let end = min(bytes.count, place + 1 + below(24))
            bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count + 1))
        case 4: bytes.removeLast(bytes.count - place)
        default: bytes.insert(contentsOf: pick(tokens), at: place)
        }
    }
}
