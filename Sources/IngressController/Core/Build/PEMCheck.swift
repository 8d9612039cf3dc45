// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Reads a TLS Secret and looks at its form; whether certificate and key belong together the cloud tells.
enum PEMCheck {
    /// Certificate and key as text.
    ///
    /// - Throws: A sentence when a key is missing or is not PEM.
    static func read(
        _ secret: KubernetesObject
    ) throws(BuildError) -> (certificate: String, privateKey: String) {
        let certificate = try text(secret, "tls.crt"), key = try text(secret, "tls.key")
        try check(secret, "tls.crt", certificate, label: "CERTIFICATE")
        try check(secret, "tls.key", key, label: "PRIVATE KEY")
        return (certificate, key)
    }

    private static func text(_ secret: KubernetesObject, _ name: String) throws(BuildError) -> String {
        guard let encoded = secret["data"]?[name]?.stringValue, !encoded.isEmpty else {
            throw BuildError("Secret \(secret.key) has no \(name)", effect: .none)
        }
        guard let bytes = try? Base64.decode(encoded), let text = String(validating: bytes, as: UTF8.self)
        else {
            throw BuildError("\(name) of Secret \(secret.key) is not base64 of a text", effect: .none)
        }
        return text
    }

    private static func check(
        _ secret: KubernetesObject,
        _ name: String,
        _ text: String,
        label: String
    ) throws(BuildError) {
        let isBlock = { (line: Substring, edge: String) in
            line.hasPrefix("-----\(edge) ") && line.hasSuffix("\(label)-----")
        }
        let lines = text.split(whereSeparator: \.isNewline)
        guard let begin = lines.firstIndex(where: { isBlock($0, "BEGIN") }),
            let end = lines[begin...].firstIndex(where: { isBlock($0, "END") }), end > begin + 1,
            (try? Base64.decode(lines[(begin + 1)..<end].filter { !$0.contains(":") }.joined())) != nil
        else {
            throw BuildError("\(name) of Secret \(secret.key) is not a \(label) in PEM form", effect: .none)
        }
    }
}
