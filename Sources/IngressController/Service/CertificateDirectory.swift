// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports
import Synchronization

/// The certificates of the account, read at most every three minutes.
///
/// - Source: the open-source controller's cache; seen upstream.
final class CertificateDirectory: Sendable {
    /// How long a list counts.
    static let lifetime = Duration.seconds(180)

    private let host: Host
    private let reader: CloudReader
    private let list = Mutex<(records: [CertificateRecord], at: Instant)?>(nil)

    init(host: Host, reader: CloudReader) {
        self.host = host
        self.reader = reader
    }

    /// The certificates.
    func records() async throws(CloudError) -> [CertificateRecord] {
        let now = host.clock.now
        if let known = list.withLock({ $0 }), known.at.duration(to: now) < Self.lifetime {
            return known.records
        }
        let records = try await reader.certificateList()
        list.withLock { $0 = (records, now) }
        return records
    }

    /// Notes what a pass has uploaded and deleted.
    func note(added: [CertificateRecord], removed: Set<String>) {
        list.withLock { list in
            guard let known = list else { return }
            let fresh = added.filter { record in !known.records.contains { $0.id == record.id } }
            list = ((known.records + fresh).filter { !removed.contains($0.id) }, known.at)
        }
    }

    /// The list is read anew next time.
    func invalidate() { list.withLock { $0 = nil } }
}
