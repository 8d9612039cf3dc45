// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
public import Ports
import Synchronization

/// The ALB Ingress controller: keeps the cloud as Ingresses and AlbConfigs want it.
///
/// Two queues: AlbConfigs, for everything that rules depend on, and server groups, for everything that their
/// servers depend on. A change wakes a key; a pass over it compares and writes what differs. All state is a
/// cache of the API server and the cloud, so a new instance goes on where a killed one stopped.
public final class IngressController: Sendable {
    private let host: Host
    private let configuration: ControllerConfiguration
    private let life = Mutex<ControllerLife?>(nil)
    private let isStopping = Mutex(false)

    /// What it has done so far.
    public let gauge = ControllerGauge()

    /// Makes a controller; it works while `run` does.
    public init(host: Host, configuration: ControllerConfiguration) {
        self.host = host
        self.configuration = configuration
    }

    /// Works until the task is cancelled or `stop` is called; a process that dies is started again, as a
    /// kubelet does it.
    ///
    /// - Parameter installed: Called by each process once the API server serves AlbConfigs.
    public func run(installed: @escaping @Sendable () -> Void = {}) async {
        var deaths = 0
        while !Task.isCancelled, !isStopping.withLock({ $0 }) {
            let born = host.clock.now
            let life = ControllerLife(host: host, configuration: configuration, gauge: gauge)
            self.life.withLock { $0 = life }
            await life.run(installed: installed)
            if Task.isCancelled || isStopping.withLock({ $0 }) { return }
            let cause = life.process.causeOfDeath ?? "leader election lost"
            gauge.crashed()
            host.trace.record(.note(Note(topic: "controller", message: "the process died: \(cause)")))
            if born.duration(to: host.clock.now) > Restart.forgiven { deaths = 0 }
            guard (try? await host.clock.sleep(for: Restart.pause(after: deaths))) != nil else { return }
            deaths += 1
        }
    }

    /// Lets the present passes end, takes no more, gives the lead away, and lets `run` return.
    public func stop() {
        isStopping.withLock { $0 = true }
        life.withLock { $0 }?.stop()
    }
}

/// When a kubelet starts a container again that has ended.
///
/// - Source: the kubelet's back-off; documented.
enum Restart {
    /// One that ran for so long is started at once.
    static let forgiven = Duration.seconds(600)

    /// The pause after a number of deaths in a row before this one.
    static func pause(after deaths: Int) -> Duration {
        if deaths == 0 { return .seconds(1) }
        return min(Duration.seconds(10) * (1 << min(deaths - 1, 6)), .seconds(300))
    }
}
