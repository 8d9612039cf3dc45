// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Crypto
import HTTPTypes

/// Checks what a request is signed with: `ACS3-HMAC-SHA256` in a header, or the older RPC signature in a
/// parameter.
///
/// - Source: the SDKs' signers and worked examples; seen upstream.
enum RequestSignature {
    enum Verdict: Sendable, Equatable {
        case valid
        case unsigned
        case unknownKey
        /// Not the signature that it should be; carries the text that should have been signed.
        case wrong(expected: String)
        /// A way of signing that is not known here.
        case unsupported
    }

    private static let acs3 = "ACS3-HMAC-SHA256"

    static func accessKeyID(of request: GatewayRequest) -> String? {
        if let authorization = request.headers[.authorization], authorization.hasPrefix("ACS3-") {
            return members(of: authorization)["Credential"]
        }
        return request.parameter("AccessKeyId")
    }

    /// Checks a request.
    ///
    /// - Parameters:
    ///   - request: As it was received.
    ///   - secret: Gives the secret of an access key; nil when it is unknown.
    /// - Returns: What is wrong with it, if anything.
    static func check(_ request: GatewayRequest, secret: (String) -> String?) -> Verdict {
        if let authorization = request.headers[.authorization], authorization.hasPrefix("ACS3-") {
            return authorization.hasPrefix(acs3 + " ")
                ? checkACS3(request, authorization, secret) : .unsupported
        }
        guard let signature = request.parameter("Signature") else { return .unsigned }
        guard let key = accessKeyID(of: request), let secret = secret(key) else { return .unknownKey }
        if let method = request.parameter("SignatureMethod"), method != "HMAC-SHA1" { return .unsupported }
        let text = RPCSignature.stringToSign(
            method: request.method,
            parameters: request.parameters.filter { $0.0 != "Signature" }
        )
        return RPCSignature.sign(text, secret: secret) == signature ? .valid : .wrong(expected: text)
    }

    private static func members(of authorization: String) -> [String: String] {
        var members: [String: String] = [:]
        for part in authorization.drop(while: { $0 != " " }).split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            members[String(halves[0].drop { $0 == " " })] = String(halves[1])
        }
        return members
    }

    private static func checkACS3(
        _ request: GatewayRequest,
        _ authorization: String,
        _ secret: (String) -> String?
    ) -> Verdict {
        let members = members(of: authorization)
        guard let key = members["Credential"], let secret = secret(key) else { return .unknownKey }
        let text = acs3StringToSign(request, signedHeaders: members["SignedHeaders"] ?? "")
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8),
            using: SymmetricKey(data: Array(secret.utf8))
        )
        let isWhole =
            request.header("x-acs-content-sha256").map { $0 == hexadecimal(SHA256.hash(data: request.body)) }
            ?? true
        return isWhole && hexadecimal(code) == members["Signature"] ? .valid : .wrong(expected: text)
    }

    /// Decoded and encoded again, since what is on the wire is form encoding.
    static func acs3StringToSign(_ request: GatewayRequest, signedHeaders: String) -> String {
        let query = request.query
            .map { (PercentEncoding.encode($0.0), PercentEncoding.encode($0.1)) }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        var headers = ""
        for name in signedHeaders.split(separator: ";") {
            let value = name == "host" ? request.host : request.header(String(name)) ?? ""
            headers += "\(name):\(value.trimmingBlanks)\n"
        }
        let canonical = [
            request.method, request.path.isEmpty ? "/" : request.path, query, headers, signedHeaders,
            hexadecimal(SHA256.hash(data: request.body)),
        ].joined(separator: "\n")
        return "\(acs3)\n\(hexadecimal(SHA256.hash(data: Array(canonical.utf8))))"
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
