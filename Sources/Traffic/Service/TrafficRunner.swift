// SPDX-License-Identifier: Apache-2.0
public import Certificates
public import Ports
import Synchronization

/// The clients of one traffic, on one host: sends what the description says and tells the trace what was seen.
///
/// Keep it for as long as its traffic is to go on.
///
/// ```swift
/// let runner = try TrafficRunner(host: host, description: shoppers, verifier: verifier)
/// runner.start()
/// ```
public final class TrafficRunner: Sendable {
    /// What is sent, and how.
    public let description: TrafficDescription
    private let host: Host
    private let driver: TrafficDriver

    /// Makes the clients; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - host: Where the clients are.
    ///   - description: What they do.
    ///   - verifier: What they trust; without one they trust no certificate, unless they do not look.
    /// - Throws: `TrafficMistake` when the description can not be followed.
    public init(
        host: Host,
        description: TrafficDescription,
        verifier: CertificateVerifier? = nil
    ) throws(TrafficMistake) {
        try description.check()
        self.host = host
        self.description = description
        let machine = TrafficMachine(
            description,
            verifier: verifier ?? CertificateVerifier(roots: []),
            random: host.random.source("traffic \(description.name)")
        )
        driver = TrafficDriver(host: host, machine: machine)
    }

    deinit { driver.abandon() }

    /// Begins the load; no effect when it has begun.
    public func start() {
        for address in description.clientAddresses { host.network.claim(ip: address) }
        driver.handle { state, now in state.machine.begin(at: now) }
    }

    /// Begins nothing more; what is under way goes on to its end, then the connections are closed.
    public func stop() {
        driver.handle { state, now in state.machine.stop(at: now) }
    }

    /// The figures so far.
    public var summary: TrafficSummary { driver.state.withLock { $0.machine.summary } }

    /// Waits until the load is over or was stopped, and every request has ended, or the task is cancelled.
    public func finished() async {
        let wait = host.waits.begin("the end of traffic \(description.name)", at: host.clock.now)
        defer { host.waits.end(wait) }
        let number = driver.state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = driver.state.withLock { state in
                    let goesOn = state.isDrained || Task.isCancelled
                    if !goesOn { state.waiters.append((number, continuation)) }
                    return goesOn
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            driver.resumeWaiters { $0 == number }
        }
    }

    /// Sends one request beside the load and gives what it saw, which the trace gets too.
    ///
    /// The outcome is `stopped` when the traffic was stopped before, or the task is cancelled.
    public func probe(_ request: TrafficRequest) async -> RequestRecord {
        let wait = host.waits.begin("the answer to \(request.method) \(request.url)", at: host.clock.now)
        defer { host.waits.end(wait) }
        let number = driver.state.withLock { state in
            defer { state.nextProbe += 1 }
            return state.nextProbe
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                driver.state.withLock { $0.probes[number] = continuation }
                driver.handle { state, now in
                    state.machine.probe(request, number: number, at: now)
                    if Task.isCancelled { state.machine.cancelProbe(number, at: now) }
                }
            }
        } onCancel: {
            driver.handle { state, now in state.machine.cancelProbe(number, at: now) }
        }
    }
}
