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
        guard albConfig["status"]?["loadBalancer"] != status else { return true }
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
