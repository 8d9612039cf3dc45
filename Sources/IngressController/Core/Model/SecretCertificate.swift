// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// A certificate that a Secret holds, to be uploaded.
struct SecretCertificate: Sendable, Hashable {
    /// The Secret.
    var secret: ObjectKey
    /// The name of the upload: another one for each content.
    var name: String
    /// The chain in PEM form.
    var certificate: String
    /// The private key in PEM form.
    var privateKey: String
    /// The Ingresses that asked for it.
    var owners: [ObjectKey]
}

/// A certificate that a listener should show.
enum WantedCertificate: Sendable, Hashable {
    /// The upload of this name.
    case upload(name: String, secret: ObjectKey)
    /// A certificate of the certificate service.
    case existing(id: String)
    /// Whatever upload of this Secret the listener has now: what the Secret holds at present is no use.
    case present(secret: ObjectKey)

    /// The Secret that it comes from.
    var secret: ObjectKey? {
        switch self {
        case .upload(_, let secret), .present(let secret): secret
        case .existing: nil
        }
    }
}
