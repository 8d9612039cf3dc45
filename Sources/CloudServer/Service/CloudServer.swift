// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
import HTTPTypes
import JSON
public import Ports
public import Storage
import Synchronization

/// A fake account of the cloud: load balancers, certificates, networks and instances, behind the protocol that
/// the vendor's SDKs speak.
///
/// It answers calls, carries work out in its own time, and hands configurations over to the zones of load
/// balancers. The same handlers serve the simulation, in process, and sockets.
public final class CloudServer: Sendable {
    /// What changes, guarded by one lock; nothing waits while it is held.
    struct State {
        let account: AccountState
        var faults = FaultTable()
        var nonces = NonceBook()
        var queue = DeliveryQueue()
        /// For faults and propagation; the account has its own stream, so that a fault moves no id.
        var random: RandomStream
        var propagation: DelayDistribution
        var batching: Duration
    }

    let host: Host
    /// The account as it was opened: what faults changed goes back to it.
    let initial: CloudAccount
    let database: Database
    let sink: any ConfigurationSink
    let state: Mutex<State>
    /// Held while something is handed to the sink, so that a zone gets its versions in order on sockets too.
    let handing = Mutex(())

    /// Opens an account: a new one, or the one that the database holds.
    ///
    /// - Parameters:
    ///   - host: The machine that it runs on.
    ///   - database: Where its resources are kept.
    ///   - account: Region, network, keys and timing.
    ///   - inventory: What elastic compute knows of instances and interfaces.
    ///   - sink: The data plane.
    ///   - health: What the data plane's health checks found.
    /// - Throws: `StorageError` when the database can not be read or written.
    public init(
        host: Host,
        database: Database,
        account: CloudAccount,
        inventory: any NetworkInventory,
        sink: any ConfigurationSink,
        health: any HealthSource
    ) throws {
        self.host = host
        initial = account
        self.database = database
        self.sink = sink
        try database.migrate(ResourceTable.migrations, applicationID: ResourceTable.applicationID)
        let (rows, start) = try database.write { transaction in
            try transaction.run(ResourceTable.noteStart)
            return (try transaction.rows(ResourceTable.all), transaction.lastInsertedRowID)
        }
        // A restart must not draw the ids of the start before it.
        let random = host.random.source("cloud start \(start)")
        let accountState = AccountState(
            account: account,
            inventory: inventory,
            health: health,
            random: random.stream("ids")
        )
        for row in rows {
            if let resource = ResourceTable.resource(row) { accountState.store.load(resource) }
        }
        accountState.resume()
        accountState.addInitialNetwork(at: host.clock.now.rfc3339)
        let changes = accountState.store.changes
        if !changes.isEmpty { try database.write { try ResourceTable.write(changes, $0) } }
        accountState.store.closeJournal()
        state = Mutex(
            State(
                account: accountState,
                random: random.stream("faults"),
                propagation: account.propagation,
                batching: account.batching
            )
        )
        resumeWorks()
    }

    /// Serves an address until the task is cancelled.
    ///
    /// - Throws: `NetworkFailure` when it cannot listen.
    public func run(on address: SocketAddress) async throws(NetworkFailure) {
        try await run(on: address, ready: { _ in })
    }

    /// Serves an address until the task is cancelled.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - ready: Called once with the address that is listened on.
    /// - Throws: `NetworkFailure` when it cannot listen.
    public func run(
        on address: SocketAddress,
        ready: (SocketAddress) -> Void
    ) async throws(NetworkFailure) {
        let server = HTTPServer(
            host: host,
            address: address,
            prompt: { [self] request in handlePromptly(request) },
            handler: { [self] request in await handle(request) }
        )
        try await server.run(ready: ready)
    }
}

extension AccountState {
    /// Takes up what was under way when the account was last open.
    func resume() {
        for resource in store.all(.work) { works[resource.id] = Work(resource) }
        account.isInArrears = store.all(.loadBalancer).contains {
            $0.document.text("LoadBalancerBussinessStatus") == "Abnormal"
        }
        rebuildServed()
    }
}
