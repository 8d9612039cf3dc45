// SPDX-License-Identifier: Apache-2.0
import JSON
public import Ports

/// A certificate as the certificate service lists it.
public struct CertificateRecord: Sendable, Hashable {
    /// `<number>-<region>`.
    public var id: String
    /// The name that it was uploaded under.
    public var name: String
    /// Its common name and alternative names.
    public var hosts: [String]
    /// When it ends; nil when the list does not say.
    public var notAfter: Instant?

    /// Makes a record.
    public init(id: String, name: String, hosts: [String], notAfter: Instant? = nil) {
        self.id = id
        self.name = name
        self.hosts = hosts
        self.notAfter = notAfter
    }

    /// Reads a row of DescribeSSLCertificateList; nil for one that listeners cannot use.
    init?(_ row: JSONValue) {
        guard let id = row["CertIdentifier"]?.plainText, !id.isEmpty, row["Algorithm"]?.stringValue != "SM2"
        else {
            return nil
        }
        let alternatives = AnnotationForm.parts(row["Sans"]?.stringValue ?? "")
        let common = row["CommonName"]?.stringValue ?? ""
        self.init(
            id: id,
            name: row["CertName"]?.stringValue ?? "",
            hosts: (common.isEmpty ? [] : [common]) + alternatives.filter { $0 != common },
            notAfter: row["AfterDate"]?.wholeNumber.flatMap(Self.instant)
        )
    }

    /// Milliseconds since 1970 as an instant; nil for a number beyond all times.
    private static func instant(_ milliseconds: Int) -> Instant? {
        let (nanoseconds, isTooLarge) = Int64(milliseconds).multipliedReportingOverflow(by: 1_000_000)
        return isTooLarge ? nil : Instant(nanoseconds: nanoseconds)
    }

    /// True when it is good for a host: the name itself, or a wildcard for its first label.
    func covers(_ host: String) -> Bool { hosts.contains { TLSHosts.covers($0, host) } }
}

/// Finds certificates for hosts among those of the certificate service.
enum CertificateDiscovery {
    /// All certificates that are good for a host, by id; those that are over only when there are no others.
    static func matches(_ host: String, in records: [CertificateRecord], context: BuildContext) -> [String] {
        let matching = records.filter { $0.covers(host) }.sorted { $0.id < $1.id }
        if context.profile.kind == .oss { return matching.map(\.id) }
        let living = matching.filter { $0.notAfter.map { $0 > context.now } ?? true }
        return (living.isEmpty ? matching : living).map(\.id)
    }
}
