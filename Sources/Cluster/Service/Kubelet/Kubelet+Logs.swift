// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import KubernetesAPI
import Ports
import Synchronization

extension Kubelet {
    /// Where the API server asks for logs.
    ///
    /// - Source: the kubelet's port (documented).
    static let port = 10_250

    /// Answers the API server until the task is cancelled.
    func serve() async {
        let address = SocketAddress(ip: node.address, port: Self.port)
        let server = HTTPServer(host: host, address: address) { [self] in await answer($0) }
        do throws(NetworkFailure) {
            try await server.run()
        } catch {
            // Nobody reaches it then, which is what the API server tells who asks for a log.
            host.trace.record(
                .note(
                    Note(
                        topic: "warning",
                        message: "the kubelet of \(node.name) cannot listen on \(address): \(error)"
                    )
                )
            )
        }
    }

    /// `GET /containerLogs/NAMESPACE/POD/CONTAINER`.
    ///
    /// - Source: the kubelet's server (seen upstream).
    private func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 4, parts[0] == "containerLogs" else {
            return Self.text(404, "404 page not found\n")
        }
        guard request.head.method == .get else { return Self.text(405, "405: Method Not Allowed") }
        let query = LogQuery(target.dropFirst(path.count + 1), at: host.clock.now)
        let key = ObjectKey(namespace: parts[1], name: parts[2])
        do throws(LogRefusal) {
            let found = try state.withLock {
                state throws(LogRefusal) -> (known: String?, log: ContainerLog?) in
                guard let entry = state.pods[key] else { return ("pod \"\(key.name)\" does not exist", nil) }
                let lives = entry.machine.containers + entry.machine.initContainers
                guard let life = lives.first(where: { $0.plan.name == parts[3] }) else {
                    return ("container \"\(parts[3])\" not found in pod \"\(key.name)\"", nil)
                }
                let logs = entry.logs[parts[3]] ?? ContainerLogs()
                return (nil, try logs.log(of: life, pod: key.name, isPrevious: query.isPrevious))
            }
            if let missing = found.known { return Self.text(404, missing) }
            guard let log = found.log else { return Self.text(200, "") }
            guard query.follows else { return Self.answer(200, .bytes(log.read(query))) }
            let (pieces, cancel) = log.follow(query)
            request.disconnection.onGone(cancel)
            return Self.answer(200, .stream(pieces))
        } catch {
            return Self.text(400, error.message)
        }
    }

    private static func text(_ status: Int, _ text: String) -> HTTPServerResponse {
        answer(status, .bytes(Array(text.utf8)))
    }

    private static func answer(_ status: Int, _ body: HTTPServerResponse.Body) -> HTTPServerResponse {
        var head = HTTPResponse(status: HTTPResponse.Status(code: status))
        head.headerFields[.contentType] = "text/plain"
        if case .bytes(let bytes) = body { head.headerFields[.contentLength] = String(bytes.count) }
        return HTTPServerResponse(head: head, body: body)
    }
}
