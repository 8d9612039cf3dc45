// SPDX-License-Identifier: Apache-2.0
import Certificates
import JSON
import Ports

extension AccountState {
    /// Puts an expired certificate for the same names in the place of one, and hands it to the listeners that use it.
    ///
    /// - Parameters:
    ///   - id: The certificate's id, or its name.
    ///   - now: The present time; it expired a second ago.
    /// - Returns: False when there is no such certificate.
    func expireCertificate(_ id: String, now: Instant) -> Bool {
        let named = store.all(.certificate).first { $0.document.text("CertName") == id }
        guard let present = certificate(id) ?? named, let chain = Self.chain(of: present),
            let facts = try? CertificateFacts.of(chain), let issuer = try? CertificateIssuer()
        else { return false }
        let names = facts.dnsNames.isEmpty ? [facts.commonName] : facts.dnsNames
        let end = now.advanced(by: .seconds(-1))
        let start = min(facts.notBefore, end.advanced(by: .seconds(-86_400)))
        guard
            let expired = try? issuer.issue(
                dnsNames: names,
                notBefore: start,
                notAfter: end,
                serial: UInt64(present.serial),
                ipAddresses: facts.ipAddresses
            ), let shown = try? CertificateFacts.of(expired.chain)
        else { return false }
        store.update(.certificate, present.id) { certificate in
            certificate.hidden["Certificate"] = .string(expired.certificatePEM)
            certificate.hidden["PrivateKey"] = .string(expired.privateKeyPEM)
            certificate.document.merge(
                Self.shown(shown, id: present.id, name: present.document.text("CertName"))
            )
        }
        serve(store.referrers(of: present.id).compactMap { store[$0] }, cause: "CertificateExpiry")
        return true
    }
}
