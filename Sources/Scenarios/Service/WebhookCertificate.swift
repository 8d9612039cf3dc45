// SPDX-License-Identifier: Apache-2.0
import Certificates
import JSON
import Ports
import Worlds

/// The certificate of an admission webhook, as it lies in a Secret now.
struct WebhookCertificate: Sendable {
    let secret: ObjectReference

    /// True while the Secret is there and its certificate is within its time.
    func isValid(in world: World, at now: Instant) -> Bool {
        guard let facts = facts(in: world) else { return false }
        return facts.notBefore <= now && now <= facts.notAfter
    }

    /// What the certificate says; nil without one that can be read.
    func facts(in world: World) -> CertificateFacts? {
        guard let body = world.latestBody("secrets", namespace: secret.namespace, name: secret.name),
            let pem = (body["data"]?["tls.crt"]?.stringValue).flatMap({ try? Base64.decode($0) }),
            let chain = try? CertificateChain(pem: String(decoding: pem, as: UTF8.self))
        else { return nil }
        return try? CertificateFacts.of(chain)
    }
}
