// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

extension AccountState {
    /// Brings what is served up to date with resources whose work is done, and makes a new configuration
    /// version of each load balancer that they belong to.
    ///
    /// - Parameters:
    ///   - touched: The resources as they were before; they may be gone by now.
    ///   - cause: The action whose work is done.
    func serve(_ touched: [Resource], cause: String) {
        var loadBalancers = OrderedNames()
        var rules: [String: [String]] = [:]
        var ruleListeners = OrderedNames()
        var listeners = OrderedNames()
        var groups = OrderedNames()
        for resource in touched {
            switch resource.kind {
            case .loadBalancer: loadBalancers.add(resource.id)
            case .listener: listeners.add(resource.id)
            case .rule:
                rules[resource.parent, default: []].append(resource.id)
                ruleListeners.add(resource.parent)
            case .listenerCertificate, .aclRelation: listeners.add(resource.parent)
            case .serverGroup: groups.add(resource.id)
            case .server: groups.add(resource.parent)
            case .acl, .aclEntry:
                let acl = resource.kind == .acl ? resource.id : resource.parent
                for relation in store.referrers(of: acl) {
                    if let row = store[relation] { listeners.add(row.parent) }
                }
            case .securityPolicy:
                for user in store.referrers(of: resource.id) { listeners.add(user.id) }
            default: break
            }
        }
        for resource in touched where resource.kind == .listener { loadBalancers.add(resource.parent) }
        for id in groups.names { for user in refreshGroup(id) { loadBalancers.add(user) } }
        // A change of rules passes through the state of their listener and changes nothing else of it.
        for id in listeners.names
        where rules[id] == nil || served.listeners[id] == nil || store[.listener, id]?.status != "Running" {
            if let owner = refreshListener(id, touched) { loadBalancers.add(owner) }
        }
        for id in ruleListeners.names {
            refreshRules(rules[id] ?? [], listener: id)
            if let listener = store[.listener, id] { loadBalancers.add(listener.parent) }
        }
        for id in loadBalancers.names { publish(id, cause: cause) }
    }

    /// Translates a group again and gives the load balancers that use it.
    private func refreshGroup(_ id: String) -> [String] {
        guard let group = store[.serverGroup, id], group.status != "Creating" else {
            served.dropGroup(id)
            return []
        }
        served.set(ServerGroupConfiguration(group, servers: store.children(.server, of: id)))
        return loadBalancers(using: id)
    }

    /// The load balancers whose listeners or rules forward to a group, each once.
    func loadBalancers(using group: String) -> [String] {
        var found = OrderedNames()
        for user in store.referrers(of: group) {
            guard let resource = store[user] else { continue }
            if user.kind == .listener { found.add(resource.parent) }
            if user.kind == .rule, let listener = store[.listener, resource.parent] {
                found.add(listener.parent)
            }
        }
        return found.names
    }

    /// Translates a listener again and gives its load balancer.
    private func refreshListener(_ id: String, _ touched: [Resource]) -> String? {
        guard let listener = store[.listener, id] else {
            if let gone = touched.first(where: { $0.kind == .listener && $0.id == id }) {
                served.dropListener(id, loadBalancer: gone.parent)
            }
            return nil
        }
        let isKnown = served.listeners[id] != nil
        guard !["Provisioning", "Stopped"].contains(listener.status),
            let configuration = configuration(of: listener)
        else {
            served.dropListener(id, loadBalancer: listener.parent)
            return listener.parent
        }
        served.set(configuration, loadBalancer: listener.parent)
        if !isKnown { refreshRules(store.children(.rule, of: id).map(\.id), listener: id) }
        return listener.parent
    }

    private func refreshRules(_ ids: [String], listener: String) {
        served.set(
            ids.map { id in
                guard let rule = store[.rule, id], rule.status != "Provisioning" else {
                    return (id, nil, false)
                }
                return (id, RuleConfiguration(rule), rule.document.text("Direction") == "Response")
            },
            listener: listener
        )
    }

    private func configuration(of listener: Resource) -> ListenerConfiguration? {
        let quic = listener.document.object("QuicConfig")
        var quicPort: Int?
        if quic.flag("QuicUpgradeEnabled"), let other = store[.listener, quic.text("QuicListenerId")] {
            quicPort = other.document.number("ListenerPort")
        }
        var policy: SecurityPolicy?
        if listener.document.text("ListenerProtocol") == "HTTPS" {
            policy = securityPolicy(listener.document.text("SecurityPolicyId"))
        }
        let authority =
            listener.document.flag("CaEnabled")
            ? listener.document.objects("CaCertificates").first.flatMap {
                certificate($0.text("CertificateId"))
            } : nil
        return ListenerConfiguration(
            listener,
            certificates: certificates(of: listener.id),
            clientAuthority: authority.flatMap(Self.chain(of:)),
            securityPolicy: policy,
            accessControl: accessControl(of: listener),
            quicUpgradePort: quicPort
        )
    }

    private func certificates(of listener: String) -> [ListenerCertificate] {
        store.children(.listenerCertificate, of: listener).compactMap { relation in
            guard relation.status != "Associating",
                let stored = certificate(relation.document.text("CertificateId")),
                let chain = Self.chain(of: stored)
            else { return nil }
            return ListenerCertificate(
                id: relation.document.text("CertificateId"),
                chain: chain,
                privateKeyPEM: stored.hidden.text("PrivateKey"),
                isDefault: relation.document.flag("IsDefault")
            )
        }
    }

    private func accessControl(of listener: Resource) -> AccessControl? {
        let relations = store.children(.aclRelation, of: listener.id).filter { $0.status != "Associating" }
        guard let first = relations.first else { return nil }
        let entries = relations.flatMap { store.children(.aclEntry, of: $0.document.text("AclId")) }
            .filter { $0.status != "Adding" }
        return AccessControl(
            isWhiteList: first.document.text("AclType") == "White",
            entries: entries.map { $0.document.text("Entry") }
        )
    }

    /// Makes the next configuration version of a load balancer.
    func publish(_ id: String, cause: String) {
        guard let loadBalancer = store[.loadBalancer, id],
            !["Provisioning", "CreateFailed"].contains(loadBalancer.status)
        else { return }
        let version = (loadBalancer.hidden.number("Version") ?? 0) + 1
        store.update(.loadBalancer, id) { $0.hidden["Version"] = .integer(Int64(version)) }
        handovers.append(.apply(configuration(of: loadBalancer, version: version, cause: cause)))
    }

    func configuration(of loadBalancer: Resource, version: Int, cause: String) -> LoadBalancerConfiguration {
        let document = loadBalancer.document
        let content = served.content(of: loadBalancer.id)
        let zones = document.objects("ZoneMappings").map { zone in
            ZoneAddress(
                zone: zone.text("ZoneId"),
                address: loadBalancer.servedAddress(in: zone),
                isActive: zone.optionalText("Status") ?? "Active" == "Active"
            )
        }
        return LoadBalancerConfiguration(
            id: loadBalancer.id,
            version: Int64(version),
            cause: cause,
            dnsName: document.text("DNSName"),
            zones: zones,
            edition: document.text("LoadBalancerEdition"),
            addressType: document.text("AddressType"),
            listeners: loadBalancer.status == "Inactive" ? [] : content.listeners,
            serverGroups: content.groups,
            accessLog: document["AccessLogConfig"]?.objectValue.map {
                AccessLogTarget(project: $0.text("LogProject"), store: $0.text("LogStore"))
            }
        )
    }

    /// Translates everything again, for an account that comes from its database.
    func rebuildServed() {
        served = ServedConfigurations()
        for group in store.all(.serverGroup) { _ = refreshGroup(group.id) }
        for listener in store.all(.listener) { _ = refreshListener(listener.id, []) }
    }
}

/// Names in the order in which they came, each once.
struct OrderedNames {
    private(set) var names: [String] = []
    private var known: Set<String> = []

    mutating func add(_ name: String) {
        if known.insert(name).inserted { names.append(name) }
    }
}
