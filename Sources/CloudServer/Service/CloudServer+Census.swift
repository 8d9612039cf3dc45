// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How many resources of each kind an account has.
public struct CloudCensus: Sendable, Hashable {
    /// Load balancers.
    public var loadBalancers = 0
    /// Listeners of all load balancers.
    public var listeners = 0
    /// Rules of all listeners; default rules are none.
    public var rules = 0
    /// Server groups.
    public var serverGroups = 0
    /// Servers in all groups.
    public var servers = 0
    /// Certificates in the certificate service.
    public var certificates = 0
    /// Certificates on all listeners.
    public var listenerCertificates = 0
    /// Access lists.
    public var acls = 0
}

extension CloudServer {
    /// Counts what the account has now.
    public func census() -> CloudCensus {
        state.withLock { state in
            let store = state.account.store
            return CloudCensus(
                loadBalancers: store.count(.loadBalancer),
                listeners: store.count(.listener),
                rules: store.count(.rule),
                serverGroups: store.count(.serverGroup),
                servers: store.count(.server),
                certificates: store.count(.certificate),
                listenerCertificates: store.count(.listenerCertificate),
                acls: store.count(.acl)
            )
        }
    }
}
