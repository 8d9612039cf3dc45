// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI
import Synchronization

/// Remembers which network interface or instance has which address.
///
/// A pod's address is looked up again when another pod has it, a node's when another node has it.
final class InterfaceDirectory: Sendable {
    private struct Entry {
        var id: String
        /// Who had the address when it was looked up.
        var owner: String
    }

    private let reader: CloudReader
    private let vpc: String
    private let entries = Mutex<[String: Entry]>([:])

    init(reader: CloudReader, vpc: String) {
        self.reader = reader
        self.vpc = vpc
    }

    /// The network interfaces of addresses, given the uid of the pod at each; those that exist.
    ///
    /// Upstream remembers none of them: it asks for all each time.
    func interfaces(
        _ addresses: [String: String],
        asksAlways: Bool = false
    ) async throws(CloudError) -> [String: String] {
        let (known, unknown) = asksAlways ? ([:], addresses.keys.sorted()) : split(addresses)
        if unknown.isEmpty { return known }
        let found = try await reader.interfaces(vpc: vpc, addresses: unknown)
        remember(found, addresses)
        return known.merging(found) { $1 }
    }

    /// The instances of addresses, given the uid of the node at each; those that exist.
    func instances(_ addresses: [String: String]) async throws(CloudError) -> [String: String] {
        let (known, unknown) = split(addresses)
        var ids = known
        for address in unknown { ids[address] = try await reader.instance(vpc: vpc, address: address) }
        remember(ids, addresses)
        return ids
    }

    private func split(_ addresses: [String: String]) -> (known: [String: String], unknown: [String]) {
        entries.withLock { entries in
            let known = addresses.filter { entries[$0.key]?.owner == $0.value }
            let unknown = addresses.keys.filter { known[$0] == nil }.sorted()
            return (known.keys.reduce(into: [:]) { $0[$1] = entries[$1]?.id }, unknown)
        }
    }

    private func remember(_ found: [String: String], _ addresses: [String: String]) {
        entries.withLock { entries in
            for (address, id) in found { entries[address] = Entry(id: id, owner: addresses[address] ?? "") }
        }
    }
}
