// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import Live

/// A hello as a client sends it, with some of its parts.
private func hello(
    name: String?,
    protocols: [String],
    versions: [UInt16],
    suites: [UInt16],
    schemes: [UInt16] = []
) -> [UInt8] {
    func short(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
    func sized(_ bytes: [UInt8]) -> [UInt8] { short(bytes.count) + bytes }
    var extensions: [UInt8] = []
    if let name { extensions += short(0) + sized(sized([0] + sized(Array(name.utf8)))) }
    if !protocols.isEmpty {
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        extensions += short(16) + sized(sized(list))
    }
    if !schemes.isEmpty { extensions += short(13) + sized(sized(schemes.flatMap { short(Int($0)) })) }
    if !versions.isEmpty {
        let list = versions.flatMap { short(Int($0)) }
        extensions += short(43) + sized([UInt8(list.count)] + list)
    }
    let body =
        [3, 3] + [UInt8](repeating: 7, count: 32) + [0] + sized(suites.flatMap { short(Int($0)) }) + [1, 0]
        + sized(extensions)
    let message = [1, 0] + short(body.count) + body
    return [22, 3, 1] + sized(message)
}

private func find(_ bytes: [UInt8]) -> HelloReader.Finding { bytes.withUnsafeBytes { HelloReader.read($0) } }

@Suite struct HelloReaderTests {
    private let whole = hello(
        name: "cafe.example.com",
        protocols: ["h2", "http/1.1"],
        versions: [0x0304, 0x0303],
        suites: [0x1301, 0xc02f, 0x5a5a]
    )

    @Test func `a hello tells name, protocols, versions and ciphers`() throws {
        guard case .hello(let hello) = find(whole) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.serverName == "cafe.example.com")
        #expect(hello.applicationProtocols == ["h2", "http/1.1"])
        #expect(hello.versions == ["TLSv1.3", "TLSv1.2"])
        #expect(hello.ciphers == ["TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"])
    }

    @Test(arguments: [([], true), ([0x0804, 0x0403], true), ([0x0804, 0x0401], false)])
    func `a hello tells whether the client takes elliptic curves`(_ schemes: [UInt16], _ takes: Bool) {
        let bytes = hello(name: nil, protocols: [], versions: [], suites: [0x1301], schemes: schemes)
        guard case .hello(let hello) = find(bytes) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.takesEllipticCurves == takes)
    }

    @Test func `every beginning of a hello is incomplete`() {
        for count in 0..<whole.count {
            guard case .incomplete = find(Array(whole[..<count])) else {
                Issue.record("\(count) bytes are enough")
                return
            }
        }
    }

    @Test func `a hello may come in several records`() {
        let message = Array(whole[5...])
        var cut: [UInt8] = []
        for start in stride(from: 0, to: message.count, by: 40) {
            let part = message[start..<min(start + 40, message.count)]
            cut += [22, 3, 1, 0, UInt8(part.count)] + part
        }
        guard case .hello(let hello) = find(cut) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.serverName == "cafe.example.com")
    }

    @Test func `plain HTTP is told from garbage`() {
        guard case .plainText = find(Array("GET / HTTP/1.1\r\n".utf8)), case .garbage = find([0x80, 1, 2]),
            case .garbage = find([22, 9, 9, 0, 1, 1]), case .garbage = find([22, 3, 1, 0, 5, 2, 0, 0, 1, 0])
        else {
            Issue.record("taken for something else")
            return
        }
    }

    @Test(arguments: 1...30) func `no bytes make it trap`(_ seed: UInt64) {
        var random = RandomStream(seed: seed)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<(1 + random.next() % 6) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = find(Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1)))))
        }
    }
}
