// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import Ports

/// Whom a client believes in a QUIC handshake.
public enum TLSTrust: Sendable {
    /// Certificates that chain to one of these roots, in PEM.
    case roots(pem: String)
    /// Certificates that chain to one of the system's roots.
    case system
    /// Everybody: for clients that check certificates by themselves.
    case anybody

    var isEverybody: Bool { if case .anybody = self { true } else { false } }
}

/// The credentials of certificates that handshakes have chosen, each read once.
final class TLSIdentities {
    private var known: [CertificateChain: TLSIdentity] = [:]
    /// More chains than this at a time do not come back: rotation forgets the old ones.
    private static let limit = 256

    /// The credentials of a chain; nil when the library cannot read the chain or its key.
    func identity(of chain: CertificateChain, keyPEM: String) -> TLSIdentity? {
        if let identity = known[chain] { return identity }
        guard let identity = TLSIdentity(chain: chain, keyPEM: keyPEM) else { return nil }
        if known.count >= Self.limit { known = [:] }
        known[chain] = identity
        return identity
    }
}

/// A certificate chain and its key in the form that GnuTLS takes, for as long as this lives.
final class TLSIdentity {
    let credentials: gnutls_certificate_credentials_t

    init?(chain: CertificateChain, keyPEM: String) {
        guard let credentials = Self.makeCredentials() else { return nil }
        self.credentials = credentials
        let chainPEM = chain.der.map { PEMText.certificate($0) }.joined()
        let status = PEMText.withDatum(chainPEM) { certificate in
            PEMText.withDatum(keyPEM) { key in
                gnutls_certificate_set_x509_key_mem(credentials, certificate, key, GNUTLS_X509_FMT_PEM)
            }
        }
        if status < 0 { return nil }
    }

    /// Credentials of a client, which shows no certificate.
    init?(trust: TLSTrust) {
        guard let credentials = Self.makeCredentials() else { return nil }
        self.credentials = credentials
        switch trust {
        case .anybody: break
        case .system:
            if gnutls_certificate_set_x509_system_trust(credentials) < 0 { return nil }
        case .roots(let pem):
            let status = PEMText.withDatum(pem) {
                gnutls_certificate_set_x509_trust_mem(credentials, $0, GNUTLS_X509_FMT_PEM)
            }
            if status < 0 { return nil }
        }
    }

    private static func makeCredentials() -> gnutls_certificate_credentials_t? {
        var credentials: gnutls_certificate_credentials_t?
        return gnutls_certificate_allocate_credentials(&credentials) == 0 ? credentials : nil
    }

    deinit {
        gnutls_certificate_free_credentials(credentials)
    }
}

/// Text that GnuTLS reads certificates from.
private enum PEMText {
    static func certificate(_ der: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: der.count * 2 + 128)
        var count = text.count
        let status = der.withUnsafeBufferPointer { bytes -> Int32 in
            var datum = gnutls_datum_t(
                data: UnsafeMutablePointer(mutating: bytes.baseAddress),
                size: UInt32(bytes.count)
            )
            return gnutls_pem_base64_encode("CERTIFICATE", &datum, &text, &count)
        }
        guard status == 0 else { return "" }
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func withDatum(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> Int32) -> Int32 {
        var bytes = Array(text.utf8)
        return bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            return body(&datum)
        }
    }
}
#endif
