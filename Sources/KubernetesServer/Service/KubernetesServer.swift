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
    let faultState: Mutex<FaultState>
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
        let isKnown = try fresh.load()
        // All in one transaction.
        fresh.defersChanges = true
        if isKnown { try fresh.makePriorities() } else { try fresh.makeFirstObjects() }
        try fresh.settle()
        fresh.defersChanges = false
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

    // MARK: Timers

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
                var found = try answer(&asked, path, caller)
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
                reply = try answer(&asked, path, caller, defersChanges: true)
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
        let stored = asked.revisions.after - asked.revisions.before
        host.trace.record(
            .apiCall(
                APICall(
                    client: asked.client,
                    verb: asked.verb,
                    path: request.head.path ?? "/",
                    status: reply.status,
                    reason: reply.reason,
                    duration: duration,
                    stored: stored,
                    revision: stored > 0 ? asked.revisions.after : 0
                )
            ),
            cause: asked.origin
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
            acceptEncoding: request.head.headerFields.value(of: .acceptEncoding)
        )
    }

    /// What every answer about a resource warns of.
    private func warning(_ path: ResourcePath) -> String? {
        registry.withLock { $0.resource(path)?.warning }
    }
}
