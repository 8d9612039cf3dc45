// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports
import Synchronization

extension CloudServer {
    /// Notes or refuses a signature that is wrong, as the account wants it.
    func checkSignature(_ gateway: GatewayRequest, _ opening: Opening) throws(CloudRefusal) {
        let verdict = RequestSignature.check(gateway, secret: { _ in opening.secret })
        switch opening.signatures {
        case .lenient: noteSignature(verdict, gateway)
        case .strict: try refuseSignature(verdict, gateway)
        }
    }

    private func noteSignature(_ verdict: RequestSignature.Verdict, _ gateway: GatewayRequest) {
        guard verdict != .valid, verdict != .unsigned else { return }
        let key = RequestSignature.accessKeyID(of: gateway) ?? ""
        let what = verdict == .unknownKey ? "an unknown access key" : "a wrong signature"
        let message = "\(gateway.action ?? "") by \(key) came with \(what)"
        host.trace.record(.note(Note(topic: "signature", message: message)))
    }

    private func refuseSignature(
        _ verdict: RequestSignature.Verdict,
        _ gateway: GatewayRequest
    ) throws(CloudRefusal) {
        switch verdict {
        case .unsigned: throw CloudRefusal("MissingAccessKeyId", "The request is not signed.")
        case .unknownKey: throw CloudRefusal("InvalidAccessKeyId.NotFound", "The access key is not known.")
        case .unsupported: throw CloudRefusal("InvalidSignatureMethod", "This way of signing is not known.")
        case .wrong(let expected):
            // - Source: the status of the newer signature was seen, that of the older one is documented.
            throw CloudRefusal(
                "SignatureDoesNotMatch",
                "The signature is wrong; server string to sign is:\(expected)",
                status: RequestSignature.isACS3(gateway) ? 403 : 400
            )
        case .valid: break
        }
        let now = host.clock.now
        let refusal = state.withLock { state -> CloudRefusal? in
            do throws(CloudRefusal) {
                try state.account.checkSession(
                    of: RequestSignature.accessKeyID(of: gateway) ?? "",
                    token: RequestSignature.securityToken(of: gateway),
                    now: now
                )
                try RequestSignature.checkFreshness(gateway, now: now, nonces: &state.nonces)
                return nil
            } catch {
                return error
            }
        }
        if let refusal { throw refusal }
    }
}
