// SPDX-License-Identifier: Apache-2.0
import Ports
import SwiftASN1
import Synchronization
import X509

/// Why bytes are not an X.509 certificate.
public struct CertificateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// The reason in a sentence.
    public var description: String { "not a certificate that can be used: \(reason)" }

    /// What a library's error says, without the place in its source that it ends with.
    static func words(_ error: any Error) -> String {
        let text = (error as? CertificateError)?.reason ?? "\(error)"
        guard let blank = text.lastIndex(of: " "), text[blank...].contains(".swift:") else { return text }
        return String(text[..<blank])
    }
}

/// A certificate that was read once: its X.509 content and its facts.
final class ParsedCertificate: Sendable {
    let der: [UInt8]
    let certificate: Certificate
    let facts: CertificateFacts

    private init(_ der: [UInt8]) throws {
        self.der = der
        certificate = try Certificate(derEncoded: der)
        facts = CertificateFacts(certificate, der: der)
    }

    private static let cache = DERCache<ParsedCertificate>()

    static func of(_ der: [UInt8]) throws(CertificateError) -> ParsedCertificate {
        if let known = cache.value(for: [der]) { return known }
        do {
            let fresh = try ParsedCertificate(der)
            cache.keep(fresh, for: [der])
            return fresh
        } catch {
            throw CertificateError(reason: CertificateError.words(error))
        }
    }
}

/// What is known about certificates, by their bytes; forgets everything when it gets too long.
///
/// Handshakes look here over and over with the same arrays, so the hash takes only a certificate's last
/// bytes, which are its signature, and equality of one array with itself costs nothing.
final class DERCache<Value: Sendable>: Sendable {
    private struct Key: Hashable {
        let chain: [[UInt8]]

        func hash(into hasher: inout Hasher) {
            for der in chain {
                hasher.combine(der.count)
                for byte in der.suffix(12) { hasher.combine(byte) }
            }
        }
    }

    private let values = Mutex<[Key: Value]>([:])
    private let limit: Int

    init(limit: Int = 4096) {
        self.limit = limit
    }

    func value(for chain: [[UInt8]]) -> Value? {
        values.withLock { $0[Key(chain: chain)] }
    }

    func keep(_ value: Value, for chain: [[UInt8]]) {
        values.withLock { values in
            if values.count >= limit { values = [:] }
            values[Key(chain: chain)] = value
        }
    }
}
