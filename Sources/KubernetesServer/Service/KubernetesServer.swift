// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
public import Ports
public import Storage
import Synchronization

/// A fake kube-apiserver: the handlers of all its paths, over one store.
///
/// Each call reads, decides and writes in one step, so callers never see a half-made change. Nothing runs in the
/// background but timers of what is really pending.
///
/// - Source: kube-apiserver 1.36 (its answers; the parts say more).
public final class KubernetesServer: Sendable {
    let host: Host
    let configuration: KubernetesServerConfiguration
    let registry: Mutex<Registry>
    private let faultState: Mutex<FaultState>
    let documents = DocumentCache()
    let metrics = Mutex(RequestMetrics())
    /// Asks the nodes of pods.
    let nodes: NodeCaller

    /// Makes a server; its state is what the database holds, or that of a new cluster.
    ///
    /// - Throws: `StorageError` when the database can not be used; `KubernetesStatus` when the configuration does
    ///   not fit.
    public init(
        host: Host,
        database: Database,
        configuration: KubernetesServerConfiguration = KubernetesServerConfiguration()
    ) throws {
        guard let range = AddressRange(configuration.serviceRange), range.last - range.first >= 16 else {
            throw KubernetesStatus(
                code: 500,
                reason: "",
                message: "expected a range of at least 16 addresses for Services such as 10.96.0.0/16, found "
                    + configuration.serviceRange
            )
        }
        self.host = host
        self.configuration = configuration
        nodes = NodeCaller(host: host)
        faultState = Mutex(FaultState(random: host.random.stream("faults")))
        try database.migrate(RevisionTable.steps, applicationID: RevisionTable.applicationID)
        let fresh = Registry(host: host, database: database, configuration: configuration, range: range)
        if try fresh.load() { try fresh.makePriorities() } else { try fresh.makeFirstObjects() }
        registry = Mutex(fresh)
        registry.withLock { [weak self] registry in
            registry.onTimer = { purpose in self?.timerIsDue(purpose) }
        }
    }

    /// Reads the tables of the built-in kinds, which the first server would do otherwise.
    @concurrent
    public static func prepare() async {
        _ = BuiltInResources.all.count + Schema.builtIn.structures.count
    }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: `NetworkFailure` when it cannot listen.
    public func run(
        on address: SocketAddress,
        options: ListenOptions = ListenOptions(),
        ready: (SocketAddress) -> Void = { _ in }
    ) async throws(NetworkFailure) {
        let limits = ServerLimits(
            bodyBytes: configuration.bodyLimit,
            patience: configuration.clientPatience,
            idle: configuration.idleTimeout
        )
        let server = HTTPServer(
            host: host,
            address: address,
            options: options,
            limits: limits,
            prompt: { [self] in handlePromptly($0) },
            settle: { [self] in settle() },
            handler: { [self] in await handle($0) }
        )
        try await nodes.running { () async throws(NetworkFailure) in try await server.run(ready: ready) }
        _ = settle()
        registry.withLock { registry in
            for watch in registry.hub.all { registry.close(watch.number) }
        }
    }

    /// The newest resourceVersion.
    public var resourceVersion: Int64 { registry.withLock { $0.revision } }

    // MARK: Faults

    /// Replaces the faults that are in force.
    public func setFaults(_ faults: KubernetesFaults) {
        _ = settle()
        let now = host.clock.now
        faultState.withLock { $0.set(faults) }
        registry.withLock { registry in
            registry.hub.meddle = meddler(faults)
            for watch in registry.hub.all {
                let isStalled = faultState.withLock { $0.isSilent(watch, now: now) }
                if isStalled, watch.held == nil { watch.held = [] }
                if !isStalled { registry.resume(watch) }
                let cut = faults.cuts.first {
                    $0.match.meetsWatch(watch) && $0.until.map { now < $0 } ?? true
                }
                watch.eventsLeft = cut?.events
                if cut?.events == 0 { registry.close(watch.number) }
            }
            registry.armBookmarks()
        }
        for until in (faults.stalls.compactMap(\.until) + faults.stales.compactMap(\.until)) where until > now
        {
            host.clock.schedule(at: until) { [weak self] in self?.endStalls() }
        }
    }

    /// The faults that are in force, with what is left of them.
    public var faults: KubernetesFaults { faultState.withLock { $0.faults } }

    private func endStalls() {
        let now = host.clock.now
        registry.withLock { registry in
            for watch in registry.hub.all where watch.held != nil {
                if !faultState.withLock({ $0.isSilent(watch, now: now) }) { registry.resume(watch) }
            }
        }
    }

    /// What meddles with events while such a fault is set; nil without one.
    private func meddler(_ faults: KubernetesFaults) -> ((Watch, [UInt8]) -> EventFate)? {
        guard !faults.meddlings.isEmpty else { return nil }
        return { [weak self] watch, line in
            guard let self else { return .pass }
            let now = host.clock.now
            var fate = faultState.withLock { $0.fate(of: watch, now: now) }
            // What is behind a late line waits for it.
            if fate == .pass, let due = watch.lastDue, due > now {
                fate = .later(now.duration(to: due), isInOrder: true)
            }
            guard case .later(let delay, let isInOrder) = fate else { return fate }
            var due = now.advanced(by: delay)
            if isInOrder {
                due = max(due, watch.lastDue ?? due)
                watch.lastDue = due
            }
            let number = watch.number
            host.clock.schedule(at: due) { [weak self] in self?.sendLate(line, to: number) }
            return fate
        }
    }

    private func sendLate(_ line: [UInt8], to number: UInt64) {
        registry.withLock { registry in
            guard let watch = registry.hub.watches[number] else { return }
            registry.hub.send(line, to: watch)
        }
    }

    /// Ends the present watches that a match meets, as a connection that is closed does.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func cutWatches(_ match: KubernetesFaults.Match = KubernetesFaults.Match()) -> Int {
        _ = settle()
        return registry.withLock { registry in
            let met = registry.hub.all.filter(match.meetsWatch)
            for watch in met { registry.close(watch.number) }
            return met.count
        }
    }

    /// Forgets all history: from now on a list or watch from an older resourceVersion is told that it is gone.
    ///
    /// - Parameter match: Present watches that are ended at once with an ERROR event of status 410.
    /// - Throws: `KubernetesStatus` when the store refuses.
    public func compactHistory(failing match: KubernetesFaults.Match? = nil) throws {
        try registry.withLock { registry in
            try registry.compact(upTo: registry.revision)
            guard let match else { return }
            for watch in registry.hub.all where match.meetsWatch(watch) {
                let message = "too old resource version: \(watch.seen) (\(registry.revision))"
                registry.fail(watch, Refusal.expired(message))
            }
        }
    }

    private func timerIsDue(_ purpose: TimerPurpose) {
        _ = settle()
        let dropsBookmarks = faultState.withLock { $0.faults.dropsBookmarks }
        registry.withLock { registry in
            switch purpose {
            case .endWatch(let number): registry.close(number)
            case .bookmark(let number): registry.sendBookmark(number, isDropped: dropsBookmarks)
            case .establish(let name): registry.establish(name)
            case .compaction: registry.compactionIsDue()
            }
        }
    }

    // MARK: Requests

    /// Answers any request.
    public func handle(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        _ = settle()
        var asked = AskedRequest(request, at: host.clock.now)
        let reply: Reply
        do throws(KubernetesStatus) {
            let caller = try admit(request, asked.route, asked.target)
            if case .resource(let path) = asked.route {
                let late = try await meetFaults(path, verb: asked.verb, client: asked.client)
                var found = try answer(asked, path, caller)
                if let late { throw late }
                if case .node(let question) = found.body { found = try await relay(question, for: request) }
                reply = found
            } else {
                reply = try answer(request, asked.route)
            }
        } catch {
            reply = refusal(error, asked)
        }
        return finish(reply, &asked)
    }

    /// Answers what needs no waiting; what it changes is written down by the next `settle`.
    ///
    /// - Returns: nil while there are faults, which may delay, and for what a pod's node has to be asked.
    public func handlePromptly(_ request: HTTPServerRequest) -> HTTPServerResponse? {
        if faultState.withLock({ $0.hasAny }) { return nil }
        var asked = AskedRequest(request, at: host.clock.now)
        let reply: Reply
        do throws(KubernetesStatus) {
            if case .resource(let path) = asked.route {
                if path.subresource.flatMap(ServedResource.Subresource.init)?.isOfNode == true { return nil }
                let caller = try admit(request, asked.route, asked.target)
                reply = try answer(asked, path, caller, defersChanges: true)
            } else {
                _ = try admit(request, asked.route, asked.target)
                reply = try answer(request, asked.route)
            }
        } catch {
            reply = refusal(error, asked)
        }
        return finish(reply, &asked)
    }

    /// Writes down what prompt answers have changed, and tells the watches.
    ///
    /// - Returns: What is to be answered instead when the store refuses.
    public func settle() -> HTTPServerResponse? {
        do throws(KubernetesStatus) {
            try registry.withLock { registry throws(KubernetesStatus) in try registry.settle() }
            return nil
        } catch {
            return Reply(refusing: error).response(isPretty: false, isHead: false, acceptEncoding: nil)
        }
    }

    private func refusal(_ status: KubernetesStatus, _ asked: AskedRequest) -> Reply {
        var reply = Reply(refusing: status)
        reply.presentation = Presentation(refusing: Self.acceptance(asked.request))
        if case .resource(let path) = asked.route, let warning = warning(path) {
            reply.warnings = [warning]
        }
        return reply
    }

    /// Counts an answer, writes it into the trace, and brings it into the form that the client likes.
    private func finish(_ found: Reply, _ asked: inout AskedRequest) -> HTTPServerResponse {
        var reply = found
        let request = asked.request
        let duration = asked.began.duration(to: host.clock.now)
        count(asked, reply, duration)
        host.trace.record(
            .apiCall(
                APICall(
                    client: asked.client,
                    verb: asked.verb,
                    path: request.head.path ?? "/",
                    status: reply.status,
                    reason: reply.reason,
                    duration: duration
                )
            )
        )
        if case .watch(_, let number) = reply.body {
            request.disconnection.onGone { [weak self] in
                self?.registry.withLock { $0.close(number) }
            }
        }
        reply.presentation?.apply(to: &reply)
        let wantsLines =
            asked.target.truth("pretty") ?? reply.presentation?.acceptance.isPretty ?? false
        return reply.response(
            isPretty: wantsLines,
            isHead: request.head.method == .head,
            acceptEncoding: request.head.headerFields[.acceptEncoding]
        )
    }

    /// What every answer about a resource warns of.
    private func warning(_ path: ResourcePath) -> String? {
        registry.withLock { $0.resource(path)?.warning }
    }

    /// Lets a call meet the faults; gives the refusal that it is answered with although it has its effect.
    private func meetFaults(
        _ path: ResourcePath,
        verb: String,
        client: String
    ) async throws(KubernetesStatus) -> KubernetesStatus? {
        guard faultState.withLock({ $0.hasAny }) else { return nil }
        let subject = subject(path, verb: verb, client: client)
        let meeting = faultState.withLock { $0.meet(subject, now: host.clock.now) }
        if let delay = meeting.delay {
            // A cancelled sleep means that the server stops; the answer reaches nobody.
            try? await host.clock.sleep(for: delay)
        }
        if let refusal = meeting.refusal, !meeting.isAfterEffect { throw refusal }
        return meeting.refusal
    }

    private func subject(_ path: ResourcePath, verb: String, client: String) -> FaultSubject {
        FaultSubject(
            verb: verb,
            type: ResourceType(
                group: path.group,
                version: path.version,
                plural: path.plural,
                singular: "",
                kind: "",
                isNamespaced: true
            ),
            plural: path.plural,
            subresource: path.subresource,
            namespace: path.namespace,
            name: path.name,
            client: client
        )
    }

    private func answer(
        _ asked: AskedRequest,
        _ path: ResourcePath,
        _ caller: Caller,
        defersChanges: Bool = false
    ) throws(KubernetesStatus) -> Reply {
        let (request, target) = (asked.request, asked.target)
        if request.body.count > configuration.bodyLimit {
            throw Refusal.tooLarge(limit: configuration.bodyLimit)
        }
        let body = RequestBody(request)
        let now = host.clock.now
        return try registry.withLock { registry throws(KubernetesStatus) in
            registry.defersChanges = defersChanges
            defer { registry.defersChanges = false }
            guard let resource = registry.resource(path), !registry.isMisplaced(path, resource) else {
                if !registry.allResources.contains(where: { $0.type.group == path.group }) {
                    return .plainNotFound
                }
                throw Refusal.noResource()
            }
            let subresource = path.subresource.flatMap(ServedResource.Subresource.init)
            if path.subresource != nil {
                guard let subresource, resource.subresources.contains(subresource) else {
                    throw Refusal.noResource()
                }
            }
            let verbs = subresource.map(Discovery.verbs) ?? resource.verbs
            guard let verb = asked.knownVerb, verbs.contains(verb.rawValue) else {
                throw Refusal.methodNotAllowed()
            }
            let acceptance = try Self.acceptance(request, resource, verb)
            if target.isMalformed {
                throw Refusal.badRequest("invalid URL escape in \(request.head.path ?? "")")
            }
            let call = Call(
                path: path,
                target: target,
                verb: verb,
                resource: resource,
                subresource: subresource,
                form: acceptance.form == .metadata ? .metadata : .object,
                body: body,
                client: asked.client,
                caller: caller,
                userAgent: request.head.headerFields[.userAgent] ?? "",
                isUpgrade: Self.isUpgrade(request)
            )
            let presentation = try Presentation(
                acceptance,
                resource,
                target,
                isScale: subresource == .scale,
                now: now
            )
            var reply = Reply(try perform(call, registry, now))
            if let warning = resource.warning { reply.warnings.insert(warning, at: 0) }
            reply.presentation = presentation
            return reply
        }
    }

    /// True when a client wants to change the protocol, by HTTP/1.1 or as HTTP/2 does it.
    private static func isUpgrade(_ request: HTTPServerRequest) -> Bool {
        if request.head.method == .connect { return true }
        return HTTPField.Name.upgrade.map { request.head.headerFields[$0] != nil } ?? false
    }

    /// What can be given of what the client accepts.
    private static func acceptance(
        _ request: HTTPServerRequest,
        _ resource: ServedResource,
        _ verb: Verb
    ) throws(KubernetesStatus) -> Acceptance {
        var encodings: [AnswerEncoding] = [.json]
        // YAML has no way to tell where an event ends; custom resources have no field numbers.
        if verb != .watch { encodings.append(.yaml) }
        if !resource.isCustom { encodings.append(.protobuf) }
        do throws(Acceptance.NotAcceptable) {
            let accept = request.head.headerFields[.accept]
            let acceptance = try Acceptance(accept: accept, encodings: encodings)
            if acceptance.form == .aggregatedDiscovery { throw Acceptance.NotAcceptable(isForm: true) }
            return acceptance
        } catch {
            throw Refusal.notAcceptable(isForm: error.isForm, isCustom: resource.isCustom)
        }
    }

    /// In what a refusal is written: as the client likes, or in JSON.
    private static func acceptance(_ request: HTTPServerRequest) -> Acceptance {
        let accept = request.head.headerFields[.accept]
        var found = (try? Acceptance(accept: accept, encodings: [.json, .yaml, .protobuf])) ?? .plain
        found.metaVersion = "v1"
        return found
    }

    private func perform(
        _ call: Call,
        _ registry: Registry,
        _ now: Instant
    ) throws(KubernetesStatus) -> Answer {
        if call.subresource?.isOfNode == true { return try registry.askNode(call) }
        switch call.verb {
        case .get, .list:
            var stale: Int64?
            if faultState.withLock({ $0.hasAny }) {
                let subject = subject(call.path, verb: call.verb.rawValue, client: call.client)
                stale = faultState.withLock { $0.staleRevision(subject, now: now) }
            }
            return call.verb == .get
                ? try registry.get(call, at: stale) : try registry.list(call, at: stale)
        case .watch:
            let subject = subject(call.path, verb: call.verb.rawValue, client: call.client)
            let (isStalled, eventsLeft) = faultState.withLock { state in
                state.hasAny
                    ? (state.isStalled(subject, now: now), state.eventsLeft(subject, now: now)) : (false, nil)
            }
            return try registry.watch(call, isStalled: isStalled, eventsLeft: eventsLeft)
        case .create where call.resource.isReview: return try registry.review(call)
        case .create where call.subresource != nil: return try registry.createSubresource(call)
        case .create: return try registry.create(call)
        case .update: return try registry.update(call)
        case .patch: return try registry.patch(call)
        case .delete: return try registry.delete(call)
        case .deletecollection: return try registry.deleteCollection(call)
        }
    }

    /// Answers what is no object: discovery, health, version.
    private func answer(_ request: HTTPServerRequest, _ route: Route) throws(KubernetesStatus) -> Reply {
        if case .nothing = route { return .plainNotFound }
        guard [.get, .head].contains(request.head.method) else { throw Refusal.methodNotAllowed() }
        let accept = request.head.headerFields[.accept]
        let acceptance = (try? Acceptance(accept: accept, encodings: [.json, .yaml, .protobuf])) ?? .plain
        let isAggregated = acceptance.form == .aggregatedDiscovery
        let snapshot = registry.withLock {
            DiscoverySnapshot(resources: $0.allResources, version: $0.resourcesVersion)
        }
        let resources = snapshot.resources
        switch route {
        case .health(let endpoint, let check):
            if check == nil, RequestTarget(request.head.path ?? "")["verbose"] != nil {
                return .text("[+]ping ok\n[+]storage ok\n\(endpoint) check passed\n")
            }
            return check == nil || check == "ping" ? .text("ok") : .plainNotFound
        case .openAPI(let path): return openAPI(path, snapshot, request)
        case .metrics: return .metrics(metricsText())
        case .version: return .json(Discovery.version)
        case .coreVersions:
            if isAggregated { return aggregated(isCore: true, snapshot, request) }
            return .json(
                Discovery.coreVersions(address: "\(request.facts.server.ip):\(request.facts.server.port)")
            )
        case .groups:
            if isAggregated { return aggregated(isCore: false, snapshot, request) }
            return .json(Discovery.groupList(resources))
        case .group(let name): return Discovery.group(name, resources).map { .json($0) } ?? .plainNotFound
        case .groupVersion(let group, let version):
            if let document = Discovery.resources(group, version, resources) { return .json(document) }
            if group.isEmpty || resources.contains(where: { $0.type.group == group }) {
                throw Refusal.noResource()
            }
            return .plainNotFound
        case .resource, .nothing: return .plainNotFound
        }
    }
}
