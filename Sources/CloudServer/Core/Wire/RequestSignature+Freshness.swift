// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

extension RequestSignature {
    /// True for a request that is signed the newer way.
    static func isACS3(_ request: GatewayRequest) -> Bool {
        request.headers[.authorization]?.hasPrefix("ACS3-") ?? false
    }

    /// The token of an assumed role; nil when there is none.
    static func securityToken(of request: GatewayRequest) -> String? {
        let token =
            isACS3(request) ? request.header("x-acs-security-token") : request.parameter("SecurityToken")
        return token.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Refuses a signed request whose time is not near the gateway's, or whose nonce was used before.
    ///
    /// - Source: codes and tolerance are documented; the order of these checks is assumed.
    static func checkFreshness(
        _ request: GatewayRequest,
        now: Instant,
        nonces: inout NonceBook
    ) throws(CloudRefusal) {
        let isNew = isACS3(request)
        guard let text = isNew ? request.header("x-acs-date") : request.parameter("Timestamp"), !text.isEmpty
        else { throw CloudRefusal("MissingTimestamp", "The request does not say when it was made.") }
        guard let time = Instant(rfc3339: text) else {
            throw CloudRefusal("InvalidTimeStamp.Format", "The request's time is not valid.")
        }
        let distance = time < now ? time.duration(to: now) : now.duration(to: time)
        guard distance <= NonceBook.tolerance else {
            throw CloudRefusal("InvalidTimeStamp.Expired", "The request's time is too far from the present.")
        }
        guard
            let nonce = isNew
                ? request.header("x-acs-signature-nonce") : request.parameter("SignatureNonce"),
            !nonce.isEmpty
        else { throw CloudRefusal("MissingSignatureNonce", "The request has no nonce.") }
        guard nonces.take("\(accessKeyID(of: request) ?? "")/\(nonce)", now: now) else {
            throw CloudRefusal("SignatureNonceUsed", "The nonce was used before.")
        }
    }
}
