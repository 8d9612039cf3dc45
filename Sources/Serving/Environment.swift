// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesServer
import Live
public import Ports
import Synchronization

/// The whole environment on sockets, in real time: API server, cloud account, cluster and data plane.
///
/// ```swift
/// try await Environment(EnvironmentOptions(directory: "/tmp/albedo")).run()
/// ```
public final class Environment: Sendable {
    /// Where everything is, once it is ready.
    public struct Endpoints: Sendable, Hashable {
        /// The API server.
        public let kubernetes: SocketAddress
        /// The cloud.
        public let cloud: SocketAddress
        /// The control address.
        public let control: SocketAddress
        /// The API server's bearer token.
        public let token: String
    }

    private struct State {
        var life: EnvironmentLife?
        var isReady = false
        var isOver = false
        var waiters: [CheckedContinuation<Bool, Never>] = []
    }

    private let options: EnvironmentOptions
    private let clock = SystemClock()
    private let state = Mutex(State())

    /// Makes an environment; it is there while `run` runs.
    public init(_ options: EnvironmentOptions) {
        self.options = options
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter ready: Called once everything is up and the files are written.
    /// - Throws: `ServeFailure` when an address can not be listened on or a file not be written; `StorageError`
    ///   when the state file can not be used.
    public func run(ready: @escaping @Sendable (Endpoints) -> Void = { _ in }) async throws {
        // Reading the tables of all kinds takes as long as the rest, which goes on meanwhile.
        async let tables: Void = KubernetesServer.prepare()
        let network = LiveNetwork(threads: 1)
        let first = LifeNetworks(workerCount: options.workerCount, authorityPEM: ServerIdentity.authorityPEM)
        let outcome: Result<Void, any Error>
        do {
            try await serve(on: network, first, ready)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await first.shutdown()
        await network.shutdown()
        await tables
        try outcome.get()
    }

    @concurrent
    private static func identity(_ ip: String, _ now: Instant) async throws -> ServerIdentity {
        try ServerIdentity(address: ip, now: now)
    }

    private func serve(
        on network: LiveNetwork,
        _ first: LifeNetworks,
        _ ready: @escaping @Sendable (Endpoints) -> Void
    ) async throws {
        // Making keys and certificates takes long too.
        async let identity = Self.identity(options.kubernetes.ip, clock.now)
        let files = options.directory.map(EnvironmentFiles.init)
        try files?.clear()
        let (block, claim) = try Self.claimBlock(network)
        // The block is given back before the event loop ends on which that happens.
        defer { claim.close() }
        let trace = LiveTrace(clock: clock)
        let setting = try setting(network, block, trace, try await identity)
        try await serve(setting, on: network, first, files, ready)
    }

    private func serve(
        _ setting: EnvironmentLife.Setting,
        on network: LiveNetwork,
        _ first: LifeNetworks,
        _ files: EnvironmentFiles?,
        _ ready: @escaping @Sendable (Endpoints) -> Void
    ) async throws {
        let control = ControlServer(environment: self, trace: setting.trace)
        let host = Host(
            name: "control",
            clock: clock,
            network: network,
            random: RandomSource(seed: 0),
            trace: NullTrace()
        )
        let (listens, listening) = AsyncThrowingStream<SocketAddress, any Error>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [address = options.control] in
                do throws(NetworkFailure) {
                    try await HTTPServer(host: host, address: address) { await control.handle($0) }
                        .run { listening.yield($0) }
                } catch {
                    listening.finish(throwing: ServeFailure.cannotListen(address, error))
                }
            }
            for try await address in listens {
                let endpoints = Endpoints(
                    kubernetes: setting.kubernetes,
                    cloud: setting.cloud,
                    control: address,
                    token: setting.token
                )
                try await live(setting, first, endpoints, files, ready)
                break
            }
        }
    }

    /// Lives one life after another until the task is cancelled.
    private func live(
        _ setting: EnvironmentLife.Setting,
        _ first: LifeNetworks,
        _ endpoints: Endpoints,
        _ files: EnvironmentFiles?,
        _ ready: @Sendable (Endpoints) -> Void
    ) async throws {
        defer { end() }
        var isFirst = true
        while !Task.isCancelled {
            let networks =
                isFirst
                ? first
                : LifeNetworks(workerCount: setting.workerCount, authorityPEM: setting.identity.authorityPEM)
            let life = try await Self.life(setting, networks)
            state.withLock { $0.life = life }
            let end = try await life.run {
                if isFirst {
                    try files?.write(
                        endpoints,
                        account: life.account,
                        identity: setting.identity
                    )
                    ready(endpoints)
                    clock.schedule(after: ProgramPages.patience) { ProgramPages.release() }
                }
                isFirst = false
                becomeReady()
            }
            guard case .reset = end else { return }
            if let file = setting.stateFile { StateFiles(path: file).remove() }
        }
    }

    private static func life(
        _ setting: EnvironmentLife.Setting,
        _ networks: LifeNetworks
    ) async throws -> EnvironmentLife {
        do {
            return try EnvironmentLife(setting, on: networks)
        } catch {
            await networks.shutdown()
            throw error
        }
    }

    /// The present time.
    var now: Instant { clock.now }

    // MARK: Resetting

    /// The present life; nil before the first and after the last one.
    var life: EnvironmentLife? { state.withLock { $0.life } }

    /// Forgets everything and starts again at the same addresses.
    ///
    /// - Returns: True when the fresh environment is ready, false when everything has stopped instead.
    func reset() async -> Bool {
        await withCheckedContinuation { continuation in
            let (life, isOver) = state.withLock { state -> (EnvironmentLife?, Bool) in
                if state.isOver { return (nil, true) }
                state.waiters.append(continuation)
                defer { state.isReady = false }
                return (state.isReady ? state.life : nil, false)
            }
            if isOver { continuation.resume(returning: false) }
            life?.reset()
        }
    }

    private func becomeReady() {
        let waiters = state.withLock { state in
            state.isReady = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    private func end() {
        let waiters = state.withLock { state in
            state.isOver = true
            state.life = nil
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: false) }
    }

    // MARK: What outlives a life

    private func setting(
        _ network: LiveNetwork,
        _ block: LoopbackBlock,
        _ trace: LiveTrace,
        _ identity: ServerIdentity
    ) throws -> EnvironmentLife.Setting {
        let token =
            try options.token ?? options.stateFile.map { try StateFiles(path: $0).token() }
            ?? Self.freshToken()
        return EnvironmentLife.Setting(
            kubernetes: try Self.chosen(options.kubernetes, network),
            cloud: try Self.chosen(options.cloud, network),
            token: token,
            stateFile: options.stateFile,
            withCluster: options.withCluster,
            withController: options.withController,
            nodeCount: options.nodeCount,
            withStrictSignatures: options.withStrictSignatures,
            workerCount: options.workerCount,
            controller: options.controller,
            identity: identity,
            block: block,
            trace: trace
        )
    }

    private static func claimBlock(
        _ network: LiveNetwork
    ) throws(ServeFailure) -> (LoopbackBlock, any Listening) {
        do throws(NetworkFailure) {
            return try LoopbackBlock.claim(network)
        } catch {
            throw .cannotListen(LoopbackBlock(index: LoopbackBlock.count - 1).claimed, error)
        }
    }

    /// An address with a port that is free now, when none was asked for: it has to stay the same over resets.
    private static func chosen(
        _ address: SocketAddress,
        _ network: LiveNetwork
    ) throws(ServeFailure) -> SocketAddress {
        guard address.port == 0 else { return address }
        do throws(NetworkFailure) {
            let probe = try network.listen(on: address, options: ListenOptions()) { _ in NobodyListens() }
            defer { probe.close() }
            return probe.address
        } catch {
            throw .cannotListen(address, error)
        }
    }

    /// A token that nobody can guess.
    static func freshToken() -> String {
        var random = RandomStream(seed: .random(in: .min ... .max))
        return random.uuid()
    }
}
