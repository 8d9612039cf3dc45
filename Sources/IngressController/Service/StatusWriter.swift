// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Writes statuses and finalizers; nothing is written that is so already.
struct StatusWriter: Sendable {
    let client: KubernetesClient

    /// Puts the load balancer's name into the status of an Ingress.
    ///
    /// - Returns: False when it could not be written and should be tried again.
    func write(hostname: String, to ingress: KubernetesObject, tally: WriteTally) async -> Bool {
        let present = ingress[path: "status", "loadBalancer"]?["ingress"]?[0]?["hostname"]?.stringValue
        guard present != hostname else { return true }
        tally.add()
        let patch: JSONValue = ["status": ["loadBalancer": ["ingress": [["hostname": .string(hostname)]]]]]
        do throws(KubernetesError) {
            _ = try await client.patch(.ingresses, ingress.key, patch, subresource: "status")
            return true
        } catch {
            return error.isNotFound
        }
    }

    /// Puts id, name and TLS listeners into the status of an AlbConfig.
    func write(_ state: CloudState, to albConfig: KubernetesObject, tally: WriteTally) async -> Bool {
        let status = Self.status(state)
        guard albConfig["status", "loadBalancer"] != status else { return true }
        tally.add()
        do throws(KubernetesError) {
            _ = try await client.patch(
                .albConfigs,
                albConfig.key,
                ["status": ["loadBalancer": status]],
                subresource: "status"
            )
            return true
        } catch {
            return error.isNotFound
        }
    }

    /// Writes the whole status of an AlbConfig as it was read; gives a reason when that failed, as it does when
    /// the object has changed since.
    func replace(_ state: CloudState, of albConfig: KubernetesObject, tally: WriteTally) async -> String? {
        let status = Self.status(state)
        guard albConfig["status", "loadBalancer"] != status else { return nil }
        tally.add()
        var changed = albConfig
        changed["status"] = ["loadBalancer": status]
        do throws(KubernetesError) {
            _ = try await client.update(.albConfigs, changed, subresource: "status")
            return nil
        } catch {
            return error.isNotFound ? nil : "the status of the AlbConfig could not be written: \(error)"
        }
    }

    /// Writes the label that says which version was applied.
    func writeLabel(
        _ value: String,
        to object: KubernetesObject,
        _ type: ResourceType,
        subresource: String?,
        tally: WriteTally
    ) async {
        guard object.labels[ObjectHash.label] != value else { return }
        tally.add()
        let patch: JSONValue = ["metadata": ["labels": .object([ObjectHash.label: .string(value)])]]
        _ = try? await client.patch(type, object.key, patch, subresource: subresource)
    }

    /// Takes a label from an AlbConfig, and gives it as it is then; one that is not there is nothing to complain of.
    func removeLabel(
        _ key: String,
        of albConfig: KubernetesObject,
        tally: WriteTally
    ) async -> KubernetesObject {
        tally.add()
        let patch: JSONValue = ["metadata": ["labels": .object([key: nil])]]
        return (try? await client.patch(.albConfigs, albConfig.key, patch)) ?? albConfig
    }

    /// Takes our finalizer from an Ingress.
    func removeFinalizer(of ingress: KubernetesObject, tally: WriteTally) async {
        tally.add()
        let rest = ingress.finalizers.filter { $0 != ResourceNames.finalizer }
        let patch: JSONValue = [
            "metadata": ["finalizers": rest.isEmpty ? nil : .array(rest.map { .string($0) })]
        ]
        _ = try? await client.patch(.ingresses, ingress.key, patch)
    }

    static func status(_ state: CloudState) -> JSONValue {
        let listeners = state.listeners.filter { $0.port.listenerProtocol == .https }.map {
            listener -> JSONValue in
            let certificates = (listener.certificates ?? []).map { certificate -> JSONValue in
                ["certificateId": .string(certificate.id), "isDefault": .bool(certificate.isDefault)]
            }
            return [
                "portAndProtocol": .string(listener.port.description), "certificates": .array(certificates),
            ]
        }
        return [
            "id": .string(state.loadBalancer?.id ?? ""),
            "dnsname": .string(state.loadBalancer?.dnsName ?? ""),
            "listeners": .array(listeners),
        ]
    }

    /// The AlbConfig with the finalizer, as it is in the store then; nil when that could not be written.
    func markedWithFinalizer(_ albConfig: KubernetesObject) async -> KubernetesObject? {
        let finalizers = albConfig.finalizers
        if finalizers.contains(ResourceNames.finalizer) { return albConfig }
        let patch: JSONValue = [
            "metadata": [
                "finalizers": .array((finalizers + [ResourceNames.finalizer]).map { .string($0) }),
                "resourceVersion": .string(albConfig.resourceVersion),
            ]
        ]
        return try? await client.patch(.albConfigs, albConfig.key, patch)
    }

    /// Adds or removes the finalizer of an AlbConfig.
    func setFinalizer(_ isWanted: Bool, on albConfig: KubernetesObject, tally: WriteTally) async -> Bool {
        var finalizers = albConfig.finalizers
        guard finalizers.contains(ResourceNames.finalizer) != isWanted else { return true }
        if isWanted {
            finalizers.append(ResourceNames.finalizer)
        } else {
            finalizers.removeAll { $0 == ResourceNames.finalizer }
        }
        tally.add()
        let patch: JSONValue = [
            "metadata": [
                "finalizers": finalizers.isEmpty ? nil : .array(finalizers.map { .string($0) }),
                "resourceVersion": .string(albConfig.resourceVersion),
            ]
        ]
        do throws(KubernetesError) {
            _ = try await client.patch(.albConfigs, albConfig.key, patch)
            return true
        } catch {
            return error.isNotFound
        }
    }
}
