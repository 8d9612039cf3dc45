// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudServer
import Cluster
import JSON
import KubernetesAPI
import Ports
import Simulation
import Synchronization
import Traffic
import Worlds

/// Why a step could not be carried out.
struct StepFailure: Error, Sendable {
    /// What happened, in words.
    let message: String
    /// Places in manifests that the server refused.
    var mistakes: [SourceMistake] = []
}

/// Carries the steps of a scenario out, as the person at the keyboard would.
final class StepPerformer: Sendable {
    let world: World
    let rotation: Mutex<SecretRotation>
    let directory: CloudDirectory
    /// What `export` kept.
    let exported = Mutex<[ObjectReference: KubernetesObject]>([:])
    /// The account as steps have changed it.
    let cloudAccount: Mutex<CloudAccount>
    private let verifier: CertificateVerifier
    private let albConfig: String?
    /// Header fields that expectations ask for, by the traffic's name.
    private let keptHeaders: [String: [String]]

    init(world: World, rotation: SecretRotation, albConfig: String?, keptHeaders: [String: [String]] = [:]) {
        self.world = world
        directory = CloudDirectory(world: world)
        cloudAccount = Mutex(world.description.account)
        verifier = CertificateVerifier(roots: [rotation.root])
        self.rotation = Mutex(rotation)
        self.albConfig = albConfig
        self.keptHeaders = keptHeaders
    }

    /// The person's clock.
    var clock: any HostClock { world.simulation.host(World.HostNames.user).clock }

    /// Carries a step out; gives what it did, in words.
    func perform(_ step: Step) async throws -> String {
        switch step.action {
        case .apply(let objects): return try await apply(objects)
        case .delete(let references):
            for reference in references { try await world.client.delete(reference.type, reference.key) }
            return references.map(\.description).joined(separator: ", ")
        case .export(let reference): return try await export(reference)
        case .restore(let reference, let name): return try await restore(reference, as: name)
        case .patch(let reference, let patch): return try await self.patch(reference, patch)
        case .scale(let reference, let replicas):
            let patch: JSONValue = ["spec": ["replicas": .integer(Int64(replicas))]]
            _ = try await world.client.patch(reference.type, reference.key, patch)
            return "\(reference) to \(replicas)"
        case .setImage(let reference, let container, let image):
            return try await setImage(reference, container, image)
        case .deletePod(let choice, let grace): return try await deletePods(choice, grace)
        case .crashPod(let choice): return try await crashPods(choice)
        case .rotateCertificate(let wanted): return try await rotate(wanted)
        case .uploadCertificate(let wanted): return try upload(wanted)
        case .console(let call): return try console(call)
        case .account(let edit): return change(edit)
        case .expireCertificate(let name): return try expireCertificate(name)
        case .setScript(let choice, let script): return try await setScript(choice, script)
        case .stop(let component):
            try stop(component)
            return component.rawValue
        case .start(let component):
            try start(component)
            return component.rawValue
        case .restart(let component, let down): return try await restart(component, down)
        case .crashNode(let name):
            world.crashNode(name)
            return name
        case .restoreNode(let name):
            world.restoreNode(name)
            return name
        case .cordon(let node, let isCordoned):
            try await world.cluster.setCordoned(isCordoned, node: node)
            return node
        case .drain(let node):
            // As `kubectl drain` does: what a disruption budget keeps is tried again every five seconds.
            while try await world.cluster.drain(node: node) > 0 { try await clock.sleep(for: .seconds(5)) }
            return node
        case .addNode(let node):
            world.cluster.nodeUp(node)
            return node
        case .setCloud(let spec): return setCloud(spec)
        case .crashAtCall(let point): return arm(point)
        case .upgrade(let change): return try await upgrade(change)
        case .pause(let host, let duration): return try await pause(host, duration)
        case .reshuffle(let wanted): return try await reshuffle(wanted)
        case .fault(let fault): return try FaultInjector(world: world).inject(fault)
        case .clearFaults(let word):
            FaultInjector(world: world).clear(word)
            return word?.rawValue ?? "all"
        case .wait(let duration):
            try await clock.sleep(for: duration)
            return "\(duration.inSeconds) s"
        case .probe(let probe): return try await self.probe(probe)
        case .note(let text): return text
        }
    }

    // MARK: Objects

    /// Applies manifests one after another, as `kubectl apply -f` does.
    func apply(_ objects: [ManifestObject]) async throws -> String {
        for manifest in objects {
            var object = manifest.object
            object.json = try directory.resolve(object.json)
            let (catalogue, known) = try await world.resources(for: object)
            guard let type = known else {
                let message = "the API server serves no \(object.kind) of \(object.apiVersion)"
                let kinds =
                    NearMiss.nearest(to: object.kind, in: catalogue.kinds).map { "did you mean \"\($0)\"?" }
                    ?? "it serves \(catalogue.kinds.joined(separator: ", "))"
                throw StepFailure(
                    message: message,
                    mistakes: [manifest.mistake(message, field: "kind", suggestion: kinds)]
                )
            }
            do {
                try await ManifestApply(client: world.client).apply(object, as: type)
            } catch {
                guard let status = error.status else { throw error }
                throw StepFailure(message: status.message, mistakes: manifest.mistakes(of: status).all)
            }
        }
        return objects.map { "\($0.object.kind) \($0.object.name)" }.joined(separator: ", ")
    }

    private func patch(_ reference: ObjectReference, _ patch: Patch) async throws -> String {
        let (body, form): (JSONValue, PatchForm) =
            switch patch {
            case .merge(let body): (body, .merge)
            case .strategic(let body): (body, .strategicMerge)
            case .json(let body): (body, .json)
            }
        let resolved = try directory.resolve(body)
        _ = try await world.client.patch(reference.type, reference.key, resolved, form: form)
        return reference.description
    }

    private func setImage(
        _ reference: ObjectReference,
        _ container: String,
        _ image: String
    ) async throws -> String {
        let containers: JSONValue = [["name": .string(container), "image": .string(image)]]
        let patch: JSONValue = ["spec": ["template": ["spec": ["containers": containers]]]]
        _ = try await world.client.patch(reference.type, reference.key, patch, form: .strategicMerge)
        return "\(reference), container \(container), to \(image)"
    }

    // MARK: Pods

    private func pods(_ choice: PodChoice) async throws -> [KubernetesObject] {
        let selector: LabelSelector
        switch choice.selection {
        case .name(let name):
            return [try await world.client.get(.pods, namespace: choice.namespace, name: name)]
        case .selector(let wanted): selector = wanted
        case .deployment(let name):
            let deployment = try await world.client.get(.deployments, namespace: choice.namespace, name: name)
            selector = LabelSelector(object: deployment[path: "spec", "selector"]) ?? LabelSelector()
        }
        let all = try await world.client.list(.pods, namespace: choice.namespace).items
            .filter { selector.matches($0.labels) && !$0.isTerminating }
            .sorted { $0.key < $1.key }
        guard !all.isEmpty else { throw StepFailure(message: "no pod matches") }
        return Array(all.prefix(choice.count ?? all.count))
    }

    private func deletePods(_ choice: PodChoice, _ grace: Duration?) async throws -> String {
        var options: JSONObject = [:]
        if let grace { options["gracePeriodSeconds"] = .integer(grace.components.seconds) }
        let pods = try await pods(choice)
        for pod in pods { try await world.client.delete(.pods, pod.key, options: options) }
        return pods.map(\.name).joined(separator: ", ")
    }

    private func crashPods(_ choice: PodChoice) async throws -> String {
        let pods = try await pods(choice)
        var crashed: [String] = []
        for pod in pods where world.cluster.crash(pod: pod.key) > 0 { crashed.append(pod.name) }
        guard !crashed.isEmpty else { throw StepFailure(message: "none of the pods has a process that runs") }
        return crashed.joined(separator: ", ")
    }

    // MARK: Certificates, restarts, probes

    private func rotate(_ wanted: CertificateRotation) async throws -> String {
        let reference = wanted.secret
        var present: KubernetesObject?
        do {
            present = try await world.client.get(
                .secrets,
                namespace: reference.namespace,
                name: reference.name
            )
        } catch {
            guard error.isNotFound else { throw error }
        }
        let now = clock.now
        let (secret, serial) = try rotation.withLock { try $0.secret(wanted, present: present, at: now) }
        if present == nil {
            _ = try await world.client.create(.secrets, secret)
        } else {
            _ = try await world.client.update(.secrets, secret)
        }
        return "\(reference), " + (serial.map { "serial \($0)" } ?? wanted.damage?.rawValue ?? "expired")
    }

    private func probe(_ probe: ProbeSpec) async throws -> String {
        let host = world.simulation.host("client-\(probe.name)")
        let description = TrafficDescription(
            probe,
            albConfig: albConfig,
            keeping: keptHeaders[probe.name] ?? []
        )
        let runner = try TrafficRunner(host: host, description: description, verifier: verifier)
        let record = await runner.probe(description.requests[0])
        return "\(probe.request) gave \(record.status > 0 ? String(record.status) : record.outcome)"
    }

    /// Traffic on a host of its own.
    func traffic(_ spec: TrafficSpec) throws -> TrafficRunner {
        let name = "client-\(spec.name)"
        let condition = LinkCondition(latency: world.description.clientLatency, jitter: .milliseconds(1))
        world.simulation.fabric.setCondition(condition, between: name, and: "*")
        return try TrafficRunner(
            host: world.simulation.host(name),
            description: TrafficDescription(
                spec,
                albConfig: albConfig,
                keeping: keptHeaders[spec.name] ?? []
            ),
            verifier: verifier
        )
    }
}

extension ObjectReference {
    var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}
