// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports

extension Registry {
    /// What a pod's node has to be asked: a log.
    ///
    /// - Source: `LogLocation` and `streamLocation` of kube-apiserver (seen upstream).
    /// - Throws: `KubernetesStatus` for what can not be asked, commands in containers among it.
    func askNode(_ call: Call) throws(KubernetesStatus) -> Answer {
        guard let subresource = call.subresource else { throw Refusal.noResource() }
        let options = subresource == .log ? try PodLogOptions(call.target, pod: call.name) : nil
        guard let present = find(call.resource, call.namespace, call.name) else {
            throw Refusal.notFound(call.resource.type, call.name)
        }
        let pod = try object(present)
        guard let options else { return try refuseStream(call, subresource, pod) }
        let container = try PodLogOptions.container(options.container, of: pod)
        guard let node = pod["spec", "nodeName"]?.stringValue, !node.isEmpty else {
            return Answer(body: .node(nil))
        }
        var path = "/containerLogs/\(call.namespace)/\(call.name)/\(container)"
        if !options.query.isEmpty { path += "?\(options.query)" }
        return Answer(
            body: .node(NodeRequest(endpoint: try kubelet(of: node), path: path, pod: call.name))
        )
    }

    /// Where the kubelet of a node listens.
    ///
    /// - Source: the internal address is the first choice of kube-apiserver that our nodes have (documented).
    private func kubelet(of name: String) throws(KubernetesStatus) -> Endpoint {
        let key = StoredObject.key("", name)
        guard let stored = stores[ResourceType.nodes.qualifiedName]?[key] else {
            throw Refusal.notFound(.nodes, name)
        }
        let node = try object(stored)
        let addresses = node["status", "addresses"]?.arrayValue ?? []
        func address(_ type: String) -> String? {
            addresses.first { $0["type"]?.stringValue == type }?["address"]?.stringValue
        }
        guard let address = address("InternalIP") ?? address("ExternalIP") ?? address("Hostname") else {
            throw Refusal.internalError("no preferred addresses found; known addresses: []")
        }
        let port = node["status", "daemonEndpoints"]?["kubeletEndpoint"]?["Port"]?.intValue ?? 0
        return Endpoint(host: address, port: port > 0 ? port : 10_250)
    }

    /// Commands, terminals and forwarded ports: the checks of a real server, then that there is nothing to connect to.
    private func refuseStream(
        _ call: Call,
        _ subresource: ServedResource.Subresource,
        _ pod: ResourceObject
    ) throws(KubernetesStatus) -> Answer {
        let phase = pod["status", "phase"]?.stringValue ?? ""
        if subresource != .portforward {
            _ = try PodLogOptions.container(call.target["container"] ?? "", of: pod)
            if phase == "Succeeded" || phase == "Failed" {
                throw Refusal.badRequest(
                    "cannot exec into a container in a completed pod; current phase is \(phase)"
                )
            }
        }
        guard let node = pod["spec", "nodeName"]?.stringValue, !node.isEmpty else {
            throw Refusal.badRequest("pod \(call.name) does not have a host assigned")
        }
        guard call.isUpgrade else { throw Refusal.badRequest("Upgrade request required") }
        let why =
            "error dialing backend: containers of \(node) are scripts, which take no \(subresource.rawValue)"
        throw KubernetesStatus(
            code: 500,
            reason: "InternalError",
            message: "Internal error occurred: \(why)",
            causes: [.init(reason: "", message: why, field: "")]
        )
    }
}

extension KubernetesServer {
    /// Asks a pod's node, and hands on what it says.
    func relay(
        _ asked: NodeRequest,
        for request: HTTPServerRequest
    ) async throws(KubernetesStatus) -> Reply {
        let (pieces, cancel) = try await nodes.ask(asked)
        request.disconnection.onGone(cancel)
        return .relayed(pieces)
    }
}
