// SPDX-License-Identifier: Apache-2.0
import JSON
public import Ports
import Synchronization

/// Writes core/v1 Events about objects; an event that repeats raises the count of the first one.
///
/// A failed write is dropped: events are a courtesy, and no controller may fail for one.
///
/// - Source: client-go's event recorder and correlator; seen upstream, without its rate limit.
public final class EventRecorder: Sendable {
    private let client: KubernetesClient
    private let host: Host
    private let component: String
    private let state = Mutex(State())

    private struct State {
        /// Events by what they say.
        var known: [String: (name: String, count: Int)] = [:]
        /// What they say, the oldest first: only so many are remembered.
        var order: [String] = []
        /// How many events have begun with a name: an instant has many for one object at times.
        var names: [String: Int] = [:]
    }

    /// How many events are remembered, as upstream's correlator does.
    private static let memory = 4_096

    /// Makes a recorder.
    ///
    /// - Parameters:
    ///   - client: The API server.
    ///   - host: Whose clock dates the events.
    ///   - component: The source component.
    public init(client: KubernetesClient, host: Host, component: String) {
        self.client = client
        self.host = host
        self.component = component
    }

    /// Writes an event about an object.
    public func record(_ object: KubernetesObject, type: String, reason: String, message: String) async {
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        let now = host.clock.now
        let identity = "\(object.kind)|\(object.key)|\(object.uid)|\(type)|\(reason)|\(message)"
        if let (name, count) = state.withLock({ $0.known[identity] }) {
            let patch: JSONValue = [
                "count": .integer(Int64(count + 1)), "lastTimestamp": .string(now.rfc3339),
            ]
            let key = ObjectKey(namespace: namespace, name: name)
            if (try? await client.patch(.events, key, patch, form: .strategicMerge)) != nil {
                state.withLock { $0.known[identity] = (name, count + 1) }
                return
            }
        }
        let name = "\(object.name).\(String(UInt64(bitPattern: now.nanoseconds), radix: 16))"
        let event = Self.event(
            object,
            name: uniqueName(name),
            namespace: namespace,
            type: type,
            reason: reason,
            message: message,
            component: component,
            at: now
        )
        if (try? await client.create(.events, event)) != nil {
            remember(identity, event.name)
        }
    }

    private func remember(_ identity: String, _ name: String) {
        state.withLock { state in
            if state.known.updateValue((name, 1), forKey: identity) == nil { state.order.append(identity) }
            guard state.order.count > Self.memory else { return }
            for old in state.order.prefix(Self.memory / 2) { state.known[old] = nil }
            state.order.removeFirst(Self.memory / 2)
            state.names = [:]  // they tell apart events of one instant only
        }
    }

    /// Two events of one object at one instant need two names.
    private func uniqueName(_ name: String) -> String {
        state.withLock { state in
            let taken = state.names[name, default: 0]
            state.names[name] = taken + 1
            return taken == 0 ? name : "\(name)-\(taken)"
        }
    }

    private static func event(
        _ object: KubernetesObject,
        name: String,
        namespace: String,
        type: String,
        reason: String,
        message: String,
        component: String,
        at now: Instant
    ) -> KubernetesObject {
        var involved: JSONObject = [
            "kind": .string(object.kind), "name": .string(object.name), "uid": .string(object.uid),
            "apiVersion": .string(object.apiVersion), "resourceVersion": .string(object.resourceVersion),
        ]
        if !object.namespace.isEmpty { involved["namespace"] = .string(object.namespace) }
        return KubernetesObject(
            .events,
            namespace: namespace,
            name: name,
            [
                "involvedObject": .object(involved), "reason": .string(reason), "message": .string(message),
                "type": .string(type), "source": ["component": .string(component)],
                "firstTimestamp": .string(now.rfc3339), "lastTimestamp": .string(now.rfc3339), "count": 1,
                "reportingComponent": .string(component), "reportingInstance": "",
            ]
        )
    }
}
