// SPDX-License-Identifier: Apache-2.0
import Certificates
import FoundationEssentials
import Ports
import Testing

@testable import Serving

@Suite struct StartTests {
    @Test func `a small file is there as a whole, and for its owner alone`() throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/albedo-small-\(UInt64.random(in: 0...9_999_999))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SmallFile.write("first", to: "\(folder)/a")
        try SmallFile.write("second", to: "\(folder)/a")
        #expect(try String(contentsOf: URL(filePath: "\(folder)/a"), encoding: .utf8) == "second")
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/a")
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
        let failure = try #require(throws: ServeFailure.self) {
            try SmallFile.write("x", to: "\(folder)/b/c")
        }
        #expect("\(failure)".contains("\(folder)/b/c: No such file"))
    }

    @Test func `a client is known by its certificate until that ends`() throws {
        let authority = try ClientAuthority(name: "Ours")
        let begin = Instant(seconds: 1_700_000_000)
        let issued = try authority.issue(
            name: "ann",
            groups: ["dev"],
            notBefore: begin,
            notAfter: begin.advanced(by: .seconds(3600))
        )
        let known = KnownClients(authority)
        for seconds in [60, 61, 300, 3590] {
            let client = known.client(issued.chain, at: begin.advanced(by: .seconds(seconds)))
            #expect(client?.name == "ann")
            #expect(client?.groups == ["dev"])
        }
        #expect(known.client(issued.chain, at: begin.advanced(by: .seconds(3700))) == nil)
        let stranger = KnownClients(try ClientAuthority(name: "Theirs"))
        #expect(stranger.client(issued.chain, at: begin.advanced(by: .seconds(60))) == nil)
    }

    @Test func `a program goes on without the pages that it gave back`() {
        ProgramPages.release()
        #expect((1...1000).reduce(0, +) == 500_500)
    }
}
