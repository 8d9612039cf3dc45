// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ports
import Testing

@testable import Gzip

/// Unpacks with the system's gzip, which knows nothing of ours.
private func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "gzip -dc"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let writer = Thread {
        input.fileHandleForWriting.write(Data(bytes))
        input.fileHandleForWriting.closeFile()
    }
    writer.start()
    let found = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return Array(found)
}

@Suite struct GzipTests {
    private func packed(_ pieces: [[UInt8]]) -> [UInt8] {
        var stream = GzipStream()
        return pieces.enumerated().flatMap { stream.pack($0.element, isLast: $0.offset == pieces.count - 1) }
    }

    @Test func `what is packed can be unpacked by others`() throws {
        var random = RandomStream(seed: 1)
        let text = Array(String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 200).utf8)
        let noise = (0..<70_000).map { _ in UInt8(truncatingIfNeeded: random.next() >> 20) }
        let zeroes = [UInt8](repeating: 0, count: 100_000)
        for pieces in [
            [text], [text, noise, zeroes], [[]], [[1]], [[1, 2, 3], [], text], [noise], [zeroes],
        ] {
            #expect(try gunzip(packed(pieces)) == pieces.flatMap { $0 })
        }
    }

    @Test func `repeats get small`() {
        let text = Array(String(repeating: "<li class=\"item\">tea</li>\n", count: 400).utf8)
        #expect(packed([text]).count < text.count / 20)
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, GZIP;q=0.5", true), ("gzip;q=0", false), ("identity", false), ("*", true),
        ("*;q=0", false), ("br", false), ("", false), ("gzip; q=0.0, *", false),
    ])
    func `a client says whether it takes gzip`(_ field: String, _ isTaken: Bool) {
        #expect(GzipStream.isAccepted(field) == isTaken)
    }

    @Test func `a body that is packed at once can be unpacked by others`() throws {
        let text = Array(String(repeating: "{\"kind\":\"Pod\",\"metadata\":{}},", count: 9_000).utf8)
        let packed = GzipStream.pack(text)
        #expect(try gunzip(packed) == text)
        #expect(packed.count < text.count / 20)
        #expect(try gunzip(GzipStream.pack([])) == [])
    }
}
