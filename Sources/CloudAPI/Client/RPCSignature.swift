// SPDX-License-Identifier: Apache-2.0
import Crypto
import Ports

/// The RPC v1 signature: HMAC-SHA1 over the sorted, encoded parameters.
///
/// - Source: the SDKs' own signers and worked examples; seen upstream.
public enum RPCSignature {
    /// The text that is signed; `parameters` must not hold `Signature` itself.
    public static func stringToSign(method: String, parameters: [(String, String)]) -> String {
        let sorted = parameters.sorted { one, other in
            one.0 == other.0
                ? one.1.utf8.lexicographicallyPrecedes(other.1.utf8)
                : one.0.utf8.lexicographicallyPrecedes(other.0.utf8)
        }
        // Names and values are encoded, joined by `=` and `&`, and all of that is encoded again.
        var text = Array("\(method)&%2F&".utf8)
        text.reserveCapacity(1024)
        var isFirst = true
        for (name, value) in sorted {
            if !isFirst { text += "%26".utf8 }
            isFirst = false
            PercentEncoding.append(name, times: 2, to: &text)
            text += "%3D".utf8
            PercentEncoding.append(value, times: 2, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The signature in base64.
    public static func sign(_ text: String, secret: String) -> String {
        let key = SymmetricKey(data: Array((secret + "&").utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(text.utf8), using: key)
        return Base64.encode(Array(code))
    }
}
