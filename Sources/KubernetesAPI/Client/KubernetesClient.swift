// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes
public import JSON
public import Ports

/// The forms of a patch.
public enum PatchForm: String, Sendable {
    /// RFC 7386.
    case merge = "application/merge-patch+json"
    /// Kubernetes' own: lists of objects are merged by their keys.
    case strategicMerge = "application/strategic-merge-patch+json"
    /// RFC 6902.
    case json = "application/json-patch+json"
    /// Server-side apply.
    case apply = "application/apply-patch+yaml"
}

/// A caller of a Kubernetes API server over the host's network.
public final class KubernetesClient: Sendable {
    private let host: Host
    private let endpoint: Endpoint
    private let authority: String
    private let token: String?
    private let userAgent: String
    private let timeout: Duration
    private let pace: (@Sendable () async -> Void)?
    private let client: HTTPClient

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - host: The host that calls.
    ///   - endpoint: Where the API server is.
    ///   - token: A bearer token, when the server wants one.
    ///   - userAgent: Says who calls; the host's name by default.
    ///   - timeout: How long the head of an answer may take.
    ///   - pace: Waited for before each request: limits how many go a second.
    public init(
        host: Host,
        endpoint: Endpoint,
        token: String? = nil,
        userAgent: String? = nil,
        timeout: Duration = .seconds(32),
        pace: (@Sendable () async -> Void)? = nil
    ) {
        self.host = host
        self.endpoint = endpoint
        authority = "\(endpoint.host):\(endpoint.port)"
        self.token = token
        self.userAgent = userAgent ?? host.name
        self.timeout = timeout
        self.pace = pace
        client = HTTPClient(host: host)
    }

    /// Gives one object.
    public func get(
        _ type: ResourceType,
        namespace: String? = nil,
        name: String
    ) async throws(KubernetesError) -> KubernetesObject {
        KubernetesObject(try await call(.get, type.path(namespace: namespace, name: name)))
    }

    /// Lists objects; all namespaces without one.
    ///
    /// - Returns: The objects, and the list's resourceVersion to watch from.
    public func list(
        _ type: ResourceType,
        namespace: String? = nil,
        query: [(String, String)] = []
    ) async throws(KubernetesError) -> (items: [KubernetesObject], resourceVersion: String) {
        var items: [KubernetesObject] = []
        var page = query
        while true {
            let answer = try await call(.get, type.path(namespace: namespace), query: page)
            for var item in answer["items"]?.arrayValue ?? [] {
                // Items of a list carry no type; give them the one that was asked for.
                if item["kind"] == nil {
                    item["kind"] = .string(type.kind)
                    item["apiVersion"] = .string(type.apiVersion)
                }
                items.append(KubernetesObject(item))
            }
            let metadata = answer["metadata"]
            guard let token = metadata?["continue"]?.stringValue, !token.isEmpty else {
                return (items, metadata?["resourceVersion"]?.stringValue ?? "")
            }
            page = query.filter { $0.0 != "continue" && $0.0 != "resourceVersion" } + [("continue", token)]
        }
    }

    /// Creates an object.
    public func create(
        _ type: ResourceType,
        _ object: KubernetesObject,
        query: [(String, String)] = []
    ) async throws(KubernetesError) -> KubernetesObject {
        let path = type.path(namespace: object.namespace)
        return KubernetesObject(try await call(.post, path, query: query, body: object.json))
    }

    /// Replaces an object, or its status or scale.
    public func update(
        _ type: ResourceType,
        _ object: KubernetesObject,
        subresource: String? = nil
    ) async throws(KubernetesError) -> KubernetesObject {
        let path = type.path(namespace: object.namespace, name: object.name, subresource: subresource)
        return KubernetesObject(try await call(.put, path, body: object.json))
    }

    /// Patches an object, or its status or scale.
    public func patch(
        _ type: ResourceType,
        _ key: ObjectKey,
        _ patch: JSONValue,
        form: PatchForm = .merge,
        subresource: String? = nil,
        query: [(String, String)] = []
    ) async throws(KubernetesError) -> KubernetesObject {
        let path = type.path(namespace: key.namespace, name: key.name, subresource: subresource)
        return KubernetesObject(
            try await call(.patch, path, query: query, body: patch, contentType: form.rawValue)
        )
    }

    /// Deletes an object.
    ///
    /// - Parameters:
    ///   - type: The object's type.
    ///   - key: The object.
    ///   - options: DeleteOptions: gracePeriodSeconds, preconditions, propagationPolicy.
    /// - Throws: `KubernetesError` as the server refuses it.
    public func delete(
        _ type: ResourceType,
        _ key: ObjectKey,
        options: JSONObject = [:]
    ) async throws(KubernetesError) {
        var body: JSONObject = ["kind": "DeleteOptions", "apiVersion": "v1"]
        for option in options { body[option.key] = option.value }
        let path = type.path(namespace: key.namespace, name: key.name)
        _ = try await call(.delete, path, body: options.isEmpty ? nil : .object(body))
    }

    /// Posts to a subresource: a pod's `binding` or `eviction`.
    public func post(
        _ type: ResourceType,
        _ key: ObjectKey,
        subresource: String,
        _ body: JSONValue
    ) async throws(KubernetesError) {
        let path = type.path(namespace: key.namespace, name: key.name, subresource: subresource)
        _ = try await call(.post, path, body: body)
    }

    /// Any call whose answer is JSON.
    public func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(String, String)] = [],
        body: JSONValue? = nil,
        contentType: String = "application/json",
        accept: String = "application/json"
    ) async throws(KubernetesError) -> JSONValue {
        let reply = try await send(
            method,
            path,
            query: query,
            body: body,
            contentType: contentType,
            accept: accept
        )
        let bytes: [UInt8]
        do { bytes = try await reply.collect() } catch { throw .lost(error) }
        return try Self.decode(bytes, status: reply.status)
    }

    /// Opens a watch; the events come until the server or the network ends it.
    ///
    /// - Parameters:
    ///   - type: What to watch.
    ///   - namespace: One namespace; all without.
    ///   - query: `resourceVersion`, `allowWatchBookmarks`, selectors, `timeoutSeconds`.
    /// - Returns: The events as they come.
    /// - Throws: `KubernetesError`; 410 as a refusal with code 410.
    public func watch(
        _ type: ResourceType,
        namespace: String? = nil,
        query: [(String, String)] = []
    ) async throws(KubernetesError) -> WatchStream {
        let reply = try await send(.get, type.path(namespace: namespace), query: query + [("watch", "true")])
        guard reply.status == 200 else {
            let bytes: [UInt8]
            do { bytes = try await reply.collect() } catch { throw .lost(error) }
            _ = try Self.decode(bytes, status: reply.status)
            throw .malformed("status \(reply.status) to a watch")
        }
        return WatchStream(reply.body)
    }

    /// What one caller wrote comes back to it, and to all who watch.
    static let documents = JSONMemo()

    private static func decode(_ bytes: [UInt8], status: Int) throws(KubernetesError) -> JSONValue {
        let json: JSONValue
        do {
            json = try documents.value(of: bytes)
        } catch {
            if status >= 400 {
                let text = String(decoding: bytes.prefix(200), as: UTF8.self)
                throw .refused(KubernetesStatus(code: status, reason: "", message: text))
            }
            throw .malformed("status \(status), \(error)")
        }
        guard (200..<300).contains(status) else {
            throw .refused(
                KubernetesStatus(json) ?? KubernetesStatus(code: status, reason: "", message: json.text)
            )
        }
        return json
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(String, String)],
        body: JSONValue? = nil,
        contentType: String = "application/json",
        accept: String = "application/json"
    ) async throws(KubernetesError) -> HTTPReply {
        await pace?()
        var target = path
        if !query.isEmpty {
            target += "?" + query.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        }
        var request = HTTPRequest(
            method: method,
            scheme: endpoint.isSecure ? "https" : "http",
            authority: authority,
            path: target
        )
        request.headerFields[.accept] = accept
        request.headerFields[.userAgent] = userAgent
        Origin.mark(&request.headerFields)
        if body != nil { request.headerFields[.contentType] = contentType }
        if let token { request.headerFields[.authorization] = "Bearer \(token)" }
        do {
            return try await client.send(request, body: body?.bytes ?? [], to: endpoint, timeout: timeout)
        } catch {
            throw .lost(error)
        }
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."),
                UInt8(ascii: "~"), UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "/"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                output += byte < 16 ? "%0" : "%"
                output += String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }
}
