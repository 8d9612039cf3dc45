// SPDX-License-Identifier: Apache-2.0
import Gzip
import HTTPTypes
import NIOCore
import Ports

@testable import DataPlane
@testable import Live

/// A way of ours to read what strangers send: any bytes may come, and none may end the process.
///
/// The fuzzer and the tests of this folder feed the same readers. What must hold beyond that is checked by each: bytes
/// mean the same however they are cut into pieces, and what is passed on is read alike by the next.
enum ByteReader: UInt8, CaseIterable {
    /// Requests in HTTP/1.
    case requests
    /// Answers in HTTP/1.
    case answers
    /// The frames of a client in HTTP/2.
    case frames
    /// The first message of a TLS handshake.
    case hello
    /// The rules' patterns, and texts that they are tried on.
    case patterns
    /// Cookies, header fields, targets and addresses.
    case words

    /// Reads bytes.
    ///
    /// - Returns: What did not hold, nil when all did.
    func complaint(about bytes: [UInt8]) -> String? {
        switch self {
        case .requests: Self.compare(bytes) { HTTP1Reading.requests($0) }
        case .answers: Self.compare(bytes) { HTTP1Reading.answers($0, isHead: bytes.first == 1) }
        case .frames: HTTP2Reading.complaint(about: bytes)
        case .hello: Self.readHello(bytes)
        case .patterns: Self.readPatterns(bytes)
        case .words: Self.readWords(bytes)
        }
    }

    /// Bytes mean the same in one piece and in many.
    private static func compare(_ bytes: [UInt8], _ read: ([[UInt8]]) -> HTTP1Reading) -> String? {
        let whole = read([bytes])
        if let complaint = whole.complaint { return complaint }
        let step = 1 + Int(bytes.last ?? 0) % 5
        let pieces = stride(from: 0, to: bytes.count, by: step).map {
            Array(bytes[$0..<min($0 + step, bytes.count)])
        }
        let cut = read(pieces)
        return whole.transcript == cut.transcript
            ? nil : "in one piece:\n\(whole.transcript)\nin pieces of \(step):\n\(cut.transcript)"
    }

    /// A hello that has been found stays what it is when more comes.
    private static func readHello(_ bytes: [UInt8]) -> String? {
        func read(_ count: Int) -> String {
            bytes.withUnsafeBytes { all in
                switch HelloReader.read(UnsafeRawBufferPointer(rebasing: all[..<count])) {
                case .incomplete: "incomplete"
                case .garbage: "garbage"
                case .plainText: "text"
                case .hello(let hello):
                    "\(hello.serverName ?? "") \(hello.applicationProtocols) \(hello.versions)"
                }
            }
        }
        let whole = read(bytes.count)
        var decided: String?
        for count in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 16)) {
            let found = read(count)
            if let decided, found != decided { return "\(decided) became \(found) at \(count)" }
            if found != "incomplete" { decided = found }
        }
        return decided == nil || decided == whole ? nil : "\(decided ?? "") became \(whole)"
    }

    private static func readPatterns(_ bytes: [UInt8]) -> String? {
        // Expressions that take for ever are their writer's to answer for; the texts are short.
        let parts = bytes.prefix(48).split(separator: 0, maxSplits: 1)
        let pattern = String(decoding: parts.first ?? [], as: UTF8.self)
        let text = String(decoding: parts.dropFirst().first ?? [], as: UTF8.self)
        for subject in [TextPattern.Subject.host, .path, .headerValue, .parameter] {
            let read = TextPattern(pattern, subject: subject, settings: DataPlaneSettings())
            _ = read.matches(text)
            if case .exact(let literal) = read, !read.matches(literal) { return "\(pattern) is not itself" }
        }
        return nil
    }

    private static func readWords(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let now = Instant(seconds: 1_767_225_600)
        for seconds in [1, 86_400] { _ = SessionCookie(text, seconds: seconds, now: now) }
        _ = IPAddress(text)
        _ = AddressBlock(text)
        _ = BrotliStream.isAccepted(text)
        var brotli = BrotliStream()
        if brotli.pack(bytes, isLast: true).isEmpty { return "nothing was packed" }
        _ = Template(text)
        var request = HTTPRequest(method: .get, scheme: "http", authority: text, path: "/" + text)
        RequestTarget.normalise(&request, text)
        request.headerFields[.cookie] = text
        request.headerFields[.contentLength] = text
        request.headerFields[.acceptEncoding] = text
        _ = FieldScan(request.headerFields)
        let facts = RequestFacts(request, source: nil)
        _ = facts.queryValue("a")
        _ = facts.hasCookie("a") { $0 == text }
        return facts.host.utf8.contains { 0x41...0x5a ~= $0 } ? "\(facts.host) is not in lower case" : nil
    }
}
