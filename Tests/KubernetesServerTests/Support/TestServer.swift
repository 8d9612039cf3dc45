// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import KubernetesServer
import Ports
import Storage

/// A server that is called without a network, and a namespace `n` in it.
struct TestServer {
    let server: KubernetesServer
    let clock: HandClock
    let trace: KeptTrace

    init(
        seed: UInt64 = 1,
        database: Database? = nil,
        configuration: KubernetesServerConfiguration = KubernetesServerConfiguration()
    ) throws {
        clock = HandClock()
        trace = KeptTrace()
        let host = Host(
            name: "kubernetes",
            clock: clock,
            network: NoNetwork(),
            random: RandomSource(seed: seed),
            trace: trace
        )
        server = try KubernetesServer(
            host: host,
            database: try database ?? Database(.memory),
            configuration: configuration
        )
    }

    /// A server with the namespace `n`.
    static func withNamespace(
        configuration: KubernetesServerConfiguration = KubernetesServerConfiguration()
    ) async throws -> TestServer {
        let server = try TestServer(configuration: configuration)
        try await server.post("/api/v1/namespaces", ["metadata": ["name": "n"]]).expect(201)
        return server
    }

    /// An answer to one request.
    struct Answer {
        let status: Int
        let fields: HTTPFields
        let json: JSONValue
        let text: String

        /// Fails when the status is another one.
        @discardableResult
        func expect(_ status: Int) throws -> Answer {
            if self.status != status {
                throw Unexpected(description: "expected \(status), found \(self.status): \(text)")
            }
            return self
        }

        subscript(_ path: String...) -> JSONValue? { json[path: path] }

        var resourceVersion: String { json["metadata"]?["resourceVersion"]?.stringValue ?? "" }

        /// The fields that an invalid object is refused for.
        var causes: [String] {
            (json["details"]?["causes"]?.arrayValue ?? []).map {
                "\($0["field"]?.stringValue ?? "") \($0["reason"]?.stringValue ?? "")"
            }
        }

        var warnings: [String] {
            HTTPField.Name("Warning").map { fields[values: $0] } ?? []
        }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        accept: String? = nil,
        client: String = "test/1",
        bytes: [UInt8]? = nil
    ) async -> HTTPServerResponse {
        var head = HTTPRequest(method: method, scheme: "http", authority: "server", path: path)
        head.headerFields[.userAgent] = client
        if let accept { head.headerFields[.accept] = accept }
        if body != nil || bytes != nil { head.headerFields[.contentType] = type }
        return await server.handle(
            HTTPServerRequest(head: head, body: bytes ?? body?.bytes ?? [], facts: .test)
        )
    }

    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        accept: String? = nil,
        client: String = "test/1",
        bytes: [UInt8]? = nil
    ) async -> Answer {
        let response = await send(
            method,
            path,
            body,
            type: type,
            accept: accept,
            client: client,
            bytes: bytes
        )
        guard case .bytes(let bytes) = response.body else {
            return Answer(
                status: response.head.status.code,
                fields: response.head.headerFields,
                json: .null,
                text: ""
            )
        }
        return Answer(
            status: response.head.status.code,
            fields: response.head.headerFields,
            json: (try? JSONValue(parsing: bytes)) ?? .null,
            text: String(decoding: bytes, as: UTF8.self)
        )
    }

    func get(_ path: String) async -> Answer { await call(.get, path) }

    func post(_ path: String, _ body: JSONValue) async -> Answer { await call(.post, path, body) }

    func put(_ path: String, _ body: JSONValue) async -> Answer { await call(.put, path, body) }

    func delete(_ path: String, _ body: JSONValue? = nil) async -> Answer { await call(.delete, path, body) }

    func merge(_ path: String, _ body: JSONValue) async -> Answer {
        await call(.patch, path, body, type: "application/merge-patch+json")
    }

    func strategic(_ path: String, _ body: JSONValue) async -> Answer {
        await call(.patch, path, body, type: "application/strategic-merge-patch+json")
    }

    /// Opens a watch; its events are read one by one.
    func watch(_ path: String, client: String = "test/1") async throws -> OpenWatch {
        let mark = path.contains("?") ? "&" : "?"
        let response = await send(.get, "\(path)\(mark)watch=true", client: client)
        guard case .stream(let stream) = response.body else {
            throw Unexpected(description: "expected a watch, found status \(response.head.status.code)")
        }
        return OpenWatch(stream)
    }
}

/// An open watch.
final class OpenWatch {
    private var pieces: AsyncStream<[UInt8]>.Iterator
    private var lines: [JSONValue] = []

    init(_ stream: AsyncStream<[UInt8]>) {
        pieces = stream.makeAsyncIterator()
    }

    /// The next event; nil when the watch has ended.
    func next() async throws -> JSONValue? {
        while lines.isEmpty {
            guard let piece = await pieces.next(isolation: #isolation) else { return nil }
            for line in piece.split(separator: 0x0a) { lines.append(try JSONValue(parsing: Array(line))) }
        }
        return lines.removeFirst()
    }

    /// The next event as `TYPE name@revision`.
    func line() async throws -> String? {
        try await next().map { event in
            let metadata = event["object"]?["metadata"]
            let name = metadata?["name"]?.stringValue ?? event["object"]?["code"]?.text ?? ""
            return "\(event["type"]?.stringValue ?? "") \(name)"
        }
    }

    /// All events until the watch ends.
    func rest() async throws -> [String] {
        var all: [String] = []
        while let line = try await line() { all.append(line) }
        return all
    }
}

/// Objects that tests use again and again.
enum Sample {
    static func configMap(
        _ name: String,
        _ data: JSONObject = ["a": "1"],
        labels: JSONObject = [:]
    ) -> JSONValue {
        var metadata: JSONObject = ["name": .string(name)]
        if !labels.isEmpty { metadata["labels"] = .object(labels) }
        return [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata), "data": .object(data),
        ]
    }

    static func pod(_ name: String, node: String? = nil, labels: JSONObject = [:]) -> JSONValue {
        var spec: JSONObject = ["containers": [["name": "web", "image": "registry.test/web:1.0"]]]
        if let node { spec["nodeName"] = .string(node) }
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "labels": .object(labels)], "spec": .object(spec),
        ]
    }

    static func ingress(_ name: String, host: String = "shop.example.com", path: String = "/") -> JSONValue {
        let backend: JSONValue = ["service": ["name": "web", "port": ["number": 80]]]
        let paths: JSONValue = [["path": .string(path), "pathType": "Prefix", "backend": backend]]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": ["name": .string(name)],
            "spec": [
                "ingressClassName": "alb", "rules": [["host": .string(host), "http": ["paths": paths]]],
            ],
        ]
    }

    static func deployment(_ name: String) -> JSONValue {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "web", "image": "registry.test/web:1.0"]]],
                ],
            ],
        ]
    }
}

/// Paths that tests use again and again.
enum Paths {
    static let configMaps = "/api/v1/namespaces/n/configmaps"
    static let pods = "/api/v1/namespaces/n/pods"
    static let services = "/api/v1/namespaces/n/services"
    static let secrets = "/api/v1/namespaces/n/secrets"
    static let ingresses = "/apis/networking.k8s.io/v1/namespaces/n/ingresses"
    static let deployments = "/apis/apps/v1/namespaces/n/deployments"
    static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
}

extension ConnectionFacts {
    /// Those of requests that are handed over without a network.
    static let test = ConnectionFacts(
        id: 1,
        client: SocketAddress(ip: "10.0.0.1", port: 6443),
        server: SocketAddress(ip: "10.0.0.1", port: 6443),
        transport: .tcp,
        version: .http11,
        tls: nil
    )
}
