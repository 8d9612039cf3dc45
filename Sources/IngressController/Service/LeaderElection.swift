// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Shares the work among several controllers by a Lease: one holds it, the others wait.
///
/// - Source: client-go's leader election with its usual times; seen upstream.
struct LeaderElection: Sendable {
    private let host: Host
    private let client: KubernetesClient
    private let identity: String

    private static let key = ObjectKey(namespace: "kube-system", name: "alb")
    private static let duration = Duration.seconds(15)
    private static let renewal = Duration.seconds(10)
    private static let pause = Duration.seconds(2)

    init(host: Host, client: KubernetesClient) {
        self.host = host
        self.client = client
        var random = host.random.stream("leader election")
        identity = "\(host.name)_\(host.clock.now.nanoseconds)_\(random.letters(6, from: "0123456789abcdef"))"
    }

    /// Waits until the lead is ours; false when the task is cancelled before.
    func acquire() async -> Bool {
        while !Task.isCancelled {
            if await take() { return true }
            guard (try? await host.clock.sleep(for: Self.pause)) != nil else { return false }
        }
        return false
    }

    /// Keeps the lead; returns when it is lost.
    func hold() async {
        var last = host.clock.now
        while !Task.isCancelled {
            guard (try? await host.clock.sleep(for: Self.pause)) != nil else { return }
            if await take() {
                last = host.clock.now
            } else if last.duration(to: host.clock.now) > Self.renewal {
                return
            }
        }
    }

    /// Gives the lead away, so that another need not wait until it is over.
    func release() async {
        do throws(KubernetesError) {
            var lease = try await client.get(.leases, namespace: Self.key.namespace, name: Self.key.name)
            guard lease[path: "spec", "holderIdentity"]?.stringValue == identity else { return }
            lease[path: "spec", "holderIdentity"] = ""
            _ = try await client.update(.leases, lease)
        } catch {
            return  // it ends by itself
        }
    }

    /// Writes our name into the Lease if it is free, over, or ours.
    private func take() async -> Bool {
        let now = host.clock.now
        do throws(KubernetesError) {
            var lease = try await client.get(.leases, namespace: Self.key.namespace, name: Self.key.name)
            let holder = lease[path: "spec", "holderIdentity"]?.stringValue ?? ""
            let renewed = Instant(rfc3339: lease[path: "spec", "renewTime"]?.stringValue ?? "")
            let isOver = renewed.map { $0.advanced(by: Self.duration) < now } ?? true
            guard holder == identity || holder.isEmpty || isOver else { return false }
            let isNew = holder != identity
            lease[path: "spec", "holderIdentity"] = .string(identity)
            lease[path: "spec", "renewTime"] = .string(now.rfc3339Micro)
            lease[path: "spec", "leaseDurationSeconds"] = 15
            if isNew {
                let changes = lease[path: "spec", "leaseTransitions"]?.intValue ?? 0
                lease[path: "spec", "acquireTime"] = .string(now.rfc3339Micro)
                lease[path: "spec", "leaseTransitions"] = .integer(Int64(changes + 1))
            }
            _ = try await client.update(.leases, lease)
            return true
        } catch {
            guard error.isNotFound else { return false }
        }
        let time = JSONValue.string(now.rfc3339Micro)
        let spec: JSONValue = [
            "holderIdentity": .string(identity), "leaseDurationSeconds": 15, "acquireTime": time,
            "renewTime": time,
            "leaseTransitions": 0,
        ]
        let lease = KubernetesObject(
            .leases,
            namespace: Self.key.namespace,
            name: Self.key.name,
            ["spec": spec]
        )
        return (try? await client.create(.leases, lease)) != nil
    }
}
