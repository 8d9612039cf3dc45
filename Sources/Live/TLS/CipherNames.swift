// SPDX-License-Identifier: Apache-2.0

/// Cipher suites that security policies may name, by their numbers on the wire.
///
/// - Source: the registry of TLS cipher suites; the names are OpenSSL's: documented.
enum CipherNames {
    private static let names: [UInt16: String] = [
        0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384",
        0x1303: "TLS_CHACHA20_POLY1305_SHA256", 0x1304: "TLS_AES_128_CCM_SHA256",
        0x1305: "TLS_AES_128_CCM_8_SHA256",
        0xc02b: "ECDHE-ECDSA-AES128-GCM-SHA256", 0xc02c: "ECDHE-ECDSA-AES256-GCM-SHA384",
        0xc02f: "ECDHE-RSA-AES128-GCM-SHA256", 0xc030: "ECDHE-RSA-AES256-GCM-SHA384",
        0xc023: "ECDHE-ECDSA-AES128-SHA256", 0xc024: "ECDHE-ECDSA-AES256-SHA384",
        0xc027: "ECDHE-RSA-AES128-SHA256", 0xc028: "ECDHE-RSA-AES256-SHA384",
        0xc009: "ECDHE-ECDSA-AES128-SHA", 0xc00a: "ECDHE-ECDSA-AES256-SHA",
        0xc013: "ECDHE-RSA-AES128-SHA", 0xc014: "ECDHE-RSA-AES256-SHA",
        0x009c: "AES128-GCM-SHA256", 0x009d: "AES256-GCM-SHA384", 0x003c: "AES128-SHA256",
        0x003d: "AES256-SHA256", 0x002f: "AES128-SHA", 0x0035: "AES256-SHA", 0x000a: "DES-CBC3-SHA",
        0xcca8: "ECDHE-RSA-CHACHA20-POLY1305", 0xcca9: "ECDHE-ECDSA-CHACHA20-POLY1305",
    ]

    /// The name of a suite; nil for one that no policy can name.
    static func name(_ number: UInt16) -> String? { names[number] }
}

/// The alerts by which a server refuses a handshake.
///
/// - Source: RFC 8446, 6.2: documented.
enum TLSAlert {
    private static let numbers: [String: UInt8] = [
        "unexpected_message": 10, "handshake_failure": 40, "bad_certificate": 42, "certificate_expired": 45,
        "unknown_ca": 48, "protocol_version": 70, "internal_error": 80, "unrecognized_name": 112,
        "certificate_required": 116, "no_application_protocol": 120,
    ]

    /// The record that carries a fatal alert.
    static func record(_ name: String) -> [UInt8] {
        [21, 3, 3, 0, 2, 2, numbers[name] ?? 40]
    }
}
