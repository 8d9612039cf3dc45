// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

extension NodeMachine {
    /// Serves a version from now on.
    mutating func apply(_ configuration: LoadBalancerConfiguration, cause: TraceID) {
        guard let address = configuration.zones.first(where: { $0.zone == zone })?.address else {
            return remove(configuration.id)
        }
        let served: ServedLoadBalancer
        if let known = loadBalancers[configuration.id] {
            served = known
            if known.address != address { move(known, to: address) }
        } else {
            served = ServedLoadBalancer(configuration, address: address)
            loadBalancers[configuration.id] = served
            host.network.claim(ip: address)
        }
        served.configuration = configuration
        host.trace.record(
            .configuration(
                ConfigurationPush(
                    loadBalancer: configuration.id,
                    zone: zone,
                    version: configuration.version,
                    cause: configuration.cause
                )
            ),
            cause: cause
        )
        applyGroups(configuration, to: served)
        applyListeners(configuration, to: served)
    }

    /// Serves a load balancer no more: everything that is open is cut.
    mutating func remove(_ loadBalancer: String) {
        guard let served = loadBalancers.removeValue(forKey: loadBalancer) else { return }
        for id in served.listeners { close(listener: id, isCut: true) }
        for id in served.groups.keys.sorted() { removeGroup(id, from: served) }
        host.network.release(ip: served.address)
        cache.forget(loadBalancer: loadBalancer)
    }

    /// The zone has another address: nobody comes to the old one any more.
    private mutating func move(_ served: ServedLoadBalancer, to address: String) {
        for id in served.listeners { close(listener: id, isCut: true) }
        served.listeners = []
        host.network.release(ip: served.address)
        served.address = address
        host.network.claim(ip: address)
    }

    // MARK: Listeners

    private mutating func applyListeners(
        _ configuration: LoadBalancerConfiguration,
        to served: ServedLoadBalancer
    ) {
        var wanted: [ServedListener.Key: ListenerConfiguration] = [:]
        for listener in configuration.listeners { wanted[ServedListener.Key(listener)] = listener }
        var kept: [SlotID] = []
        for id in served.listeners {
            guard let listener = listeners[id] else { continue }
            if let next = wanted.removeValue(forKey: listener.key) {
                use(next, on: listener, of: served)
                kept.append(id)
                if let limit = settings.oldVersionLimit {
                    _ = setDeadline(.reload(id, version: configuration.version), after: limit.nanoseconds)
                }
            } else {
                close(listener: id, isCut: false)
            }
        }
        served.listeners = kept
        for listener in configuration.listeners where wanted[ServedListener.Key(listener)] != nil {
            open(listener, of: served)
        }
        advertise(served)
    }

    /// Tells clients of a QUIC listener only while it is open: others would try a port where nobody answers.
    private func advertise(_ served: ServedLoadBalancer) {
        let open = served.listeners.compactMap { listeners[$0] }
        let ports = open.filter { $0.key.listenerProtocol == .quic && $0.listening != nil }.map(\.key.port)
        for listener in open {
            let wanted = listener.current.compiled.configuration.quicUpgradePort
            let isServed = wanted.map(ports.contains) ?? false
            listener.alternativeService = isServed ? listener.current.compiled.alternativeService : nil
        }
    }

    /// Swaps a listener's rules and certificates.
    private func use(
        _ next: ListenerConfiguration,
        on listener: ServedListener,
        of served: ServedLoadBalancer
    ) {
        let compiled = cache.compiled(next, loadBalancer: served.id)
        listener.chooser?.use(compiled)
        listener.current = makeVersion(compiled, of: served)
    }

    /// What began under an older version has had its time.
    mutating func reloadEnded(_ id: SlotID, _ version: Int64) {
        guard let listener = listeners[id] else { return }
        for exchange in exchanges.ids {
            guard let open = exchanges[exchange], open.client.listener === listener,
                open.version.version < version
            else { continue }
            happen(.outdated, to: exchange)
        }
    }

    private func makeVersion(_ compiled: CompiledListener, of served: ServedLoadBalancer) -> ListenerVersion {
        let trace = host.trace
        return ListenerVersion(compiled, version: served.configuration.version, loadBalancer: served) {
            mistake in
            trace.record(.note(Note(topic: "warning", message: mistake)))
        }
    }

    private mutating func open(_ configuration: ListenerConfiguration, of served: ServedLoadBalancer) {
        let compiled = cache.compiled(configuration, loadBalancer: served.id)
        let isPlain = configuration.listenerProtocol == .http
        let chooser = isPlain ? nil : ListenerChooser(clock: host.clock, listener: compiled)
        let listener = ServedListener(
            configuration,
            loadBalancer: served.id,
            chooser: chooser,
            version: makeVersion(compiled, of: served)
        )
        let id = listeners.insert(listener)
        served.listeners.append(id)
        guard let node else { return }
        let options = ListenOptions(
            transport: configuration.listenerProtocol == .quic ? .quic : .tcp,
            tls: chooser,
            limits: MessageLimits(
                targetBytes: settings.maximumTargetBytes,
                fieldBytes: settings.maximumHeaderBytes,
                bodyBytes: settings.maximumBodyBytes
            ),
            allowsTunnels: true,
            allowsPlainHTTP2: settings.takesPlainHTTP2
        )
        let address = SocketAddress(ip: served.address, port: configuration.port)
        do throws(NetworkFailure) {
            listener.listening = try host.network.listen(on: address, options: options) { facts in
                node.feed { $0.accept(facts, listener: id) }
            }
        } catch {
            listener.failure = error
            note("\(served.id) cannot listen on \(address) in \(zone): \(error)")
        }
    }

    /// Takes no more connections; idle ones end now, others after their answers, or all at once.
    private mutating func close(listener id: SlotID, isCut: Bool) {
        guard let listener = listeners.remove(id) else { return }
        listener.listening?.close()
        for clientID in clients.ids {
            guard let client = clients[clientID], client.listener === listener else { continue }
            if isCut {
                client.connection?.abort()
                clientClosed(clientID)
            } else {
                retire(client)
            }
        }
    }

    // MARK: Groups

    private mutating func applyGroups(
        _ configuration: LoadBalancerConfiguration,
        to served: ServedLoadBalancer
    ) {
        // The order of a dictionary does not matter for finding out what differs; what is done is sorted.
        let gone = served.groups.keys.filter { configuration.serverGroups[$0] == nil }.sorted()
        for id in gone { removeGroup(id, from: served) }
        let changed = configuration.serverGroups.values.filter { served.groups[$0.id]?.configuration != $0 }
        for group in changed.sorted(by: { $0.id < $1.id }) { apply(group, to: served) }
    }

    private mutating func apply(_ configuration: ServerGroupConfiguration, to served: ServedLoadBalancer) {
        let group = served.groups[configuration.id]
        var known: [Backend.Key: Backend] = [:]
        for backend in group?.list.backends ?? [] { known[backend.key] = backend }
        let backends = configuration.servers.map { server in
            known.removeValue(forKey: Backend.Key(server)) ?? Backend(server)
        }
        let gone = (group?.list.backends ?? []).filter { known[$0.key] != nil }
        let list = ServerList(configuration, backends: backends, zone: zone, previous: group?.list)
        let current: ServedGroup
        if let group {
            current = group
            group.configuration = configuration
            group.options = ServedGroup.options(configuration, settings.connectTimeout)
            group.list = list
        } else {
            current = ServedGroup(configuration, list: list, connectTimeout: settings.connectTimeout)
            served.groups[configuration.id] = current
        }
        for backend in gone { removeBackend(backend, from: current) }
        applyChecks(to: current)
        if group != nil, configuration.healthCheck == nil {
            for backend in backends where backend.isFresh { list.startSlowly(backend, now: now) }
        }
        for backend in backends { backend.isFresh = false }
    }

    private mutating func removeGroup(_ id: String, from served: ServedLoadBalancer) {
        guard let group = served.groups.removeValue(forKey: id) else { return }
        for backend in group.list.backends { removeBackend(backend, from: group) }
    }

    /// A server gets no more requests; those under way may end, for as long as draining allows.
    private mutating func removeBackend(_ backend: Backend, from group: ServedGroup) {
        backend.isRemoved = true
        stopCheck(of: backend, group: group, state: "Removed")
        for id in backend.idle { closeUpstream(id) }
        backend.idle = []
        drain(backend, of: group)
    }

    /// Gives a server that gets no more requests the time that its group allows for those under way.
    mutating func drain(_ backend: Backend, of group: ServedGroup) {
        guard backend.active > 0, let limit = group.configuration.drainTimeout else { return }
        let id = drains.insert(backend)
        _ = setDeadline(.drain(id), after: limit.nanoseconds)
    }

    /// That time is over: what is still under way there ends, unless the server has come back.
    mutating func drainEnded(_ id: SlotID) {
        guard let backend = drains.remove(id), backend.isRemoved || !backend.isUp else { return }
        for exchange in exchanges.ids where exchanges[exchange]?.backend === backend {
            happen(.drained, to: exchange)
        }
    }
}
