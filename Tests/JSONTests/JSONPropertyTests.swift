// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct JSONPropertyTests {
    #if DEBUG
    private static let values = 500
    private static let mutations = 4000
    #else
    private static let values = 20_000
    private static let mutations = 100_000
    #endif

    @Test(arguments: [1, 2, 3] as [UInt64]) func `every value is read back as it was written`(
        seed: UInt64
    ) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.values {
            let value = random.value()
            let bytes = value.bytes
            let again = try JSONValue(parsing: bytes)
            try #require(again == value && value == again, "\(value.text)")
            try #require(again.bytes == bytes)
            try #require(again.hashValue == value.hashValue)
            let pretty = try JSONValue(parsing: value.prettyText)
            try #require(pretty.bytes == bytes)
            try #require(value.sorted == value && value.sorted.sorted.bytes == value.sorted.bytes)
        }
    }

    @Test(arguments: [1, 2] as [UInt64]) func `whatever is accepted survives writing and reading`(
        seed: UInt64
    ) throws {
        var random = RandomJSON(seed: seed)
        var accepted = 0
        var bytes = random.value().bytes
        for round in 0..<Self.mutations / 2 {
            // A fresh value now and then; in between, changes upon changes of what was still accepted.
            if round % 8 == 0 { bytes = random.value(depth: 3).bytes }
            let input = random.mutated(bytes)
            let place: Comment = "seed \(seed), round \(round): \(input)"
            switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: input) }) {
            case .success(let value):
                accepted += 1
                bytes = input.count < 4096 ? input : []
                let written = value.bytes
                let again = try JSONValue(parsing: written)
                try #require(again == value && again.bytes == written, place)
            case .failure(let error):
                try #require((0...input.count).contains(error.offset), place)
                try #require(error.line >= 1 && (1...error.offset + 1).contains(error.column), place)
            }
        }
        // Both ways must be taken often, else the test shows nothing.
        #expect(accepted > Self.mutations / 40 && accepted < Self.mutations / 2 - Self.mutations / 40)
    }
}
