// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct JSONMemoTests {
    @Test(arguments: [1, 2] as [UInt64]) func `a remembered document is what reading it again gives`(
        seed: UInt64
    ) throws {
        var random = RandomJSON(seed: seed)
        // Few places, so that documents push each other out, and a limit that some exceed.
        let memo = JSONMemo(places: 8, longest: 400)
        let documents = (0..<60).map { _ in random.value().bytes }
        for round in 0..<4 {
            for document in documents + documents.reversed() {
                let value = try memo.value(of: document)
                let again = try JSONValue(parsing: document)
                try #require(value == again, "round \(round)")
                try #require(value.bytes == document)
            }
        }
    }

    @Test func `changing what was remembered changes no later answer`() throws {
        let memo = JSONMemo()
        let bytes = Array(#"{"a":{"b":[1,2]},"c":"text"}"#.utf8)
        var first = try memo.value(of: bytes)
        first["a"] = nil
        first["c"] = "other"
        #expect(try memo.value(of: bytes).bytes == bytes)
    }

    @Test func `a broken document is refused each time`() {
        let memo = JSONMemo()
        for _ in 0..<2 {
            #expect(throws: JSONError.self) { try memo.value(of: Array(#"{"a":}"#.utf8)) }
            #expect(throws: JSONError.self) { try memo.value(of: []) }
        }
    }

    @Test func `names that look alike are told apart, and twins are found`() throws {
        // Same length, same first and last letters.
        let alike = try JSONValue(parsing: #"{"abcz":1,"acbz":2,"abbz":3}"#)
        #expect(alike.objectValue?.members.map(\.key) == ["abcz", "acbz", "abbz"])
        let twins = try JSONValue(parsing: #"{"":0,"abcz":1,"acbz":2,"abcz":3,"":4}"#)
        #expect(twins.text == #"{"":4,"abcz":3,"acbz":2}"#)
    }
}
