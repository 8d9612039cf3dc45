// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import Ports

extension QUICSession {
    /// Makes the TLS session; false when the library refuses.
    func startTLS(trusting trust: TLSTrust = .anybody) -> Bool {
        let flags =
            (isServer ? GNUTLS_SERVER : GNUTLS_CLIENT).rawValue | GNUTLS_NO_AUTO_SEND_TICKET.rawValue
            | GNUTLS_NO_END_OF_EARLY_DATA.rawValue | (isServer ? GNUTLS_ENABLE_EARLY_DATA.rawValue : 0)
        guard gnutls_init(&tls, UInt32(flags)) == 0, let tls, let transport,
            gnutls_priority_set_direct(tls, Self.priorities, nil) == 0
        else { return false }
        reference.initialize(
            to: ngtcp2_crypto_conn_ref(
                get_conn: { QUICSession.from($0?.pointee.user_data)?.transport },
                user_data: Unmanaged.passUnretained(self).toOpaque()
            )
        )
        gnutls_session_set_ptr(tls, reference)
        let configured =
            isServer
            ? ngtcp2_crypto_gnutls_configure_server_session(tls)
            : ngtcp2_crypto_gnutls_configure_client_session(tls)
        guard configured == 0, setProtocols(tls) else { return false }
        if isServer {
            guard endpoint.tickets.enable(on: tls) else { return false }
            gnutls_handshake_set_post_client_hello_function(tls) { session in
                let reference = gnutls_session_get_ptr(session)?
                    .assumingMemoryBound(to: ngtcp2_crypto_conn_ref.self)
                return QUICSession.from(reference?.pointee.user_data)?.answerHello()
                    ?? GNUTLS_E_INTERNAL_ERROR
            }
        } else {
            if let name = hello.serverName, DatagramAddress(SocketAddress(ip: name, port: 0)) == nil {
                gnutls_server_name_set(tls, GNUTLS_NAME_DNS, name, name.utf8.count)
            }
            if !trust.isEverybody { gnutls_session_set_verify_cert(tls, checkedName.baseAddress, 0) }
            gnutls_credentials_set(
                tls,
                GNUTLS_CRD_CERTIFICATE,
                UnsafeMutableRawPointer(identity?.credentials)
            )
        }
        ngtcp2_conn_set_tls_native_handle(transport, UnsafeMutableRawPointer(tls))
        return true
    }

    private static let priorities =
        "%DISABLE_TLS13_COMPAT_MODE:NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM"
        + ":+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1"

    private func setProtocols(_ tls: gnutls_session_t) -> Bool {
        var name = Array("h3".utf8)
        return name.withUnsafeMutableBufferPointer { bytes in
            var datum = gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
            return gnutls_alpn_set_protocols(tls, &datum, 1, UInt32(GNUTLS_ALPN_MANDATORY.rawValue)) == 0
        }
    }

    /// The server's answer to the client's hello: chooses the certificate as the listener says.
    fileprivate func answerHello() -> Int32 {
        guard let tls, let acceptance else { return GNUTLS_E_INTERNAL_ERROR }
        hello.serverName = Self.serverName(of: tls)
        switch acceptance.tls.choose(hello) {
        case .refuse: return GNUTLS_E_UNRECOGNIZED_NAME
        case .accept(let chain, let applicationProtocol, let version):
            guard let key = acceptance.tls.privateKeyPEM(for: chain),
                let identity = endpoint.identities.identity(of: chain, keyPEM: key)
            else { return GNUTLS_E_NO_CERTIFICATE_FOUND }
            self.identity = identity
            answer = TLSFacts(
                serverName: hello.serverName,
                serverCertificate: chain,
                applicationProtocol: applicationProtocol,
                version: version
            )
            return gnutls_credentials_set(
                tls,
                GNUTLS_CRD_CERTIFICATE,
                UnsafeMutableRawPointer(identity.credentials)
            )
        }
    }

    private static func serverName(of tls: gnutls_session_t) -> String? {
        var name = [UInt8](repeating: 0, count: 256)
        var count = name.count
        var kind: UInt32 = 0
        guard gnutls_server_name_get(tls, &name, &count, &kind, 0) == 0, kind == GNUTLS_NAME_DNS.rawValue
        else { return nil }
        return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// What the client knows of the handshake.
    func clientFacts() -> TLSFacts {
        var count: UInt32 = 0
        var chain: [[UInt8]] = []
        if let tls, let certificates = gnutls_certificate_get_peers(tls, &count) {
            chain = (0..<Int(count)).map {
                Array(UnsafeBufferPointer(start: certificates[$0].data, count: Int(certificates[$0].size)))
            }
        }
        return TLSFacts(
            serverName: hello.serverName,
            serverCertificate: CertificateChain(der: chain),
            applicationProtocol: "h3",
            version: "TLSv1.3"
        )
    }

    /// The alert's name in lower case, as `unrecognized_name`.
    static func alertName(_ alert: UInt8) -> String {
        guard let name = gnutls_alert_get_strname(gnutls_alert_description_t(UInt32(alert))) else {
            return "\(alert)"
        }
        let text = String(cString: name).lowercased()
        return text.hasPrefix("gnutls_a_") ? String(text.dropFirst(9)) : text
    }
}
#endif
