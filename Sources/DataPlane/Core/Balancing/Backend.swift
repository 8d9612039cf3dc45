// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

/// A server of a group as one node knows it; it outlives configuration versions.
final class Backend {
    /// What makes two members the same.
    struct Key: Hashable {
        var serverID: String
        var address: SocketAddress
    }

    let key: Key
    /// As traces write the address.
    let label: String
    /// nil when its health is not checked.
    var health: HealthMachine?
    /// Requests under way.
    @exclusivity(unchecked) var active = 0
    /// Connections that wait for a request, the last used at the end.
    @exclusivity(unchecked) var idle: [SlotID] = []
    /// True when no configuration names it any more.
    var isRemoved = false
    /// True once it has had requests without being checked: it is believed healthy when checks are turned on.
    var isTrusted = false
    /// What cookies of sessions call it.
    private(set) lazy var mark = SessionCookie.mark(of: label)
    /// True until the configuration that brought it has been applied.
    var isFresh = true
    /// Since when its share grows; nil when it has all of it.
    var slowSince: Instant?
    /// Its check; nil without one.
    var check: SlotID?

    init(_ server: BackendServer) {
        key = Key(server)
        label = server.address.description
    }

    /// True when its health lets it have new requests.
    var isUp: Bool { health.map { $0.state == .healthy } ?? true }
}

extension Backend.Key {
    init(_ server: BackendServer) {
        self.init(serverID: server.serverID, address: server.address)
    }
}
