// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Synchronization

/// Who shows a certificate, remembered for a while: clients show the same one with every request.
final class KnownClients: Sendable {
    private struct Entry {
        let client: CertifiedClient?
        let seen: Instant
    }

    private static let limit = 1000
    /// How long a certificate may have ended and still be taken for good.
    private static let lifetime = Duration.seconds(10)

    private let authority: ClientAuthority
    private let entries = Mutex<[CertificateChain: Entry]>([:])

    init(_ authority: ClientAuthority) {
        self.authority = authority
    }

    /// The client that a certificate names; nil for a stranger's.
    func client(_ chain: CertificateChain, at now: Instant) -> CertifiedClient? {
        let known = entries.withLock { $0[chain] }
        if let known, known.seen.duration(to: now) < Self.lifetime { return known.client }
        let client = authority.client(chain, at: now)
        entries.withLock { entries in
            if entries.count >= Self.limit { entries = [:] }
            entries[chain] = Entry(client: client, seen: now)
        }
        return client
    }
}
