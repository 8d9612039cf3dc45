// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports

/// An answer on its way out.
struct Reply {
    enum Body {
        case bytes([UInt8])
        case json(JSONValue)
        case stream(AsyncStream<[UInt8]>, watch: UInt64)
    }

    var status = 200
    /// The reason of a refusal, else empty.
    var reason = ""
    var mediaType = "application/json"
    var body: Body
    var warnings: [String] = []
    var retryAfterSeconds = 0
    /// What is still done with it; nil for what stays as it is.
    var presentation: Presentation?

    init(_ answer: Answer) {
        status = answer.status
        switch answer.body {
        case .bytes(let bytes): body = .bytes(bytes)
        case .json(let json): body = .json(json)
        case .stream(let stream, let watch): body = .stream(stream, watch: watch)
        }
        warnings = answer.warnings
    }

    init(refusing status: KubernetesStatus) {
        self.status = status.code
        reason = status.reason
        var json = status.json
        // The answers of the general machinery carry details even when there are none.
        let isGeneral = ["the server ", "406: ", "415: "].contains { status.message.hasPrefix($0) }
        if isGeneral, json["details"] == nil { json["details"] = [:] }
        body = .json(json)
        retryAfterSeconds = status.retryAfterSeconds
    }

    private init(status: Int, mediaType: String, body: Body) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
    }

    static func json(_ json: JSONValue) -> Reply {
        Reply(status: 200, mediaType: "application/json", body: .json(json))
    }

    static func text(_ text: String) -> Reply {
        Reply(status: 200, mediaType: "text/plain; charset=utf-8", body: .bytes(Array(text.utf8)))
    }

    static func aggregated(_ json: JSONValue) -> Reply {
        Reply(
            status: 200,
            mediaType: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            body: .json(json)
        )
    }

    /// What paths outside the API get.
    static let plainNotFound = Reply(
        status: 404,
        mediaType: "text/plain; charset=utf-8",
        body: .bytes(Array("404 page not found\n".utf8))
    )

    /// The response for the network.
    func response(isPretty: Bool, isHead: Bool) -> HTTPServerResponse {
        var fields = HTTPFields()
        fields[.contentType] = mediaType
        fields[.cacheControl] = "no-cache, private"
        if retryAfterSeconds > 0 { fields[.retryAfter] = String(retryAfterSeconds) }
        if let name = HTTPField.Name("Warning") {
            for warning in warnings {
                fields.append(HTTPField(name: name, value: "299 - \(JSONValue.string(warning).text)"))
            }
        }
        let content: HTTPServerResponse.Body
        switch body {
        case .bytes(let bytes): content = .bytes(isPretty ? Self.pretty(bytes) : bytes)
        case .json(let json): content = .bytes(isPretty ? Array(json.prettyText.utf8) : json.bytes)
        case .stream(let stream, _): content = .stream(stream)
        }
        if case .bytes(let bytes) = content { fields[.contentLength] = String(bytes.count) }
        let head = HTTPResponse(status: .init(code: status), headerFields: fields)
        return HTTPServerResponse(head: head, body: isHead ? .bytes([]) : content)
    }

    private static func pretty(_ bytes: [UInt8]) -> [UInt8] {
        // Text answers stay as they are.
        (try? JSONValue(parsing: bytes)).map { Array($0.prettyText.utf8) } ?? bytes
    }
}

extension Registry {
    /// True when a path names a namespace for a resource that has none, or an object of one without.
    func isMisplaced(_ path: ResourcePath, _ resource: ServedResource) -> Bool {
        resource.type.isNamespaced ? path.namespace == nil && path.name != nil : path.namespace != nil
    }
}
