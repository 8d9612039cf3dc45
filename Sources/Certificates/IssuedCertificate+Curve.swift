// SPDX-License-Identifier: Apache-2.0
import Crypto
import Ports
import X509

extension IssuedCertificate {
    /// A signed leaf with its key on the curve P-256, as authorities of the cluster issue them.
    init(_ leaf: Certificate, key: P256.Signing.PrivateKey) throws {
        chain = CertificateChain(der: [try leaf.derBytes])
        certificatePEM = chain.pem
        privateKeyPEM = key.pemRepresentation + "\n"
    }
}
