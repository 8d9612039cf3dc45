// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports

/// How a request or an opening ended.
enum RequestOutcome: Sendable, Hashable {
    /// A whole answer came, whatever its status.
    case answered
    /// The network did not do it.
    case network(NetworkFailure)
    /// The client does not trust the certificate.
    case certificate(CertificateFailure)
    /// More redirects than are followed, or one that leads nowhere.
    case redirect(String)
    /// An answer ended that had no status.
    case malformed

    /// One to three words, stable, as the trace has them.
    var words: String {
        switch self {
        case .answered: "answered"
        case .network(let failure): failure.description
        case .certificate(let failure): failure.code
        case .redirect(let words): words
        case .malformed: "malformed answer"
        }
    }
}
