// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Gzip

@Suite struct BrotliTests {
    // What others make of it is tried with curl and the library of PyPI in ClientTests. These bytes were unpacked by it.
    @Test func `packed the same bytes are the same bytes`() {
        var (empty, one, again) = (BrotliStream(), BrotliStream(), BrotliStream())
        #expect(empty.pack([], isLast: true) == [6])
        #expect(one.pack([97], isLast: true) == [0, 0, 16, 97, 3])
        let text = Array(String(repeating: "<li class=\"item\">tea</li>\n", count: 400).utf8)
        #expect(again.pack(text, isLast: true).count < text.count / 50)
    }

    @Test(arguments: [
        ("br", true), ("gzip, BR;q=0.5", true), ("br;q=0", false), ("br; q=0.0", false), ("*", false),
        ("brotli", false), ("", false),
    ])
    func `a client says whether it takes Brotli`(_ field: String, _ isTaken: Bool) {
        #expect(BrotliStream.isAccepted(field) == isTaken)
    }
}
