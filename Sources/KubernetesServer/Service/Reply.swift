// SPDX-License-Identifier: Apache-2.0
import Gzip
import HTTPTypes
import JSON
import KubernetesAPI
import Ports

/// An answer on its way out.
struct Reply {
    enum Body {
        case bytes([UInt8])
        case json(JSONValue)
        case list(ListBody)
        case watch(WatchBody, number: UInt64)
        /// What a pod's node says, as it comes.
        case relayed(AsyncStream<[UInt8]>)
        /// What is still to be asked of a pod's node.
        case node(NodeRequest)
    }

    var status = 200
    /// The reason of a refusal, else empty.
    var reason = ""
    var mediaType = "application/json"
    var body: Body
    var warnings: [String] = []
    var retryAfterSeconds = 0
    /// Further header fields.
    var fields = HTTPFields()
    /// True when it is about a resource that there is.
    var isOfServed = false
    /// What is still done with it; nil for what stays as it is.
    var presentation: Presentation?

    init(_ answer: Answer) {
        status = answer.status
        switch answer.body {
        case .bytes(let bytes): body = .bytes(bytes)
        case .json(let json): body = .json(json)
        case .list(let list): body = .list(list)
        case .watch(let events, let number): body = .watch(events, number: number)
        case .node(let request?): body = .node(request)
        case .node(nil):
            // Nothing has been printed yet.
            mediaType = "text/plain"
            body = .bytes([])
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

    static func json(_ bytes: [UInt8]) -> Reply {
        Reply(status: 200, mediaType: "application/json", body: .bytes(bytes))
    }

    static func metrics(_ text: String) -> Reply {
        Reply(
            status: 200,
            mediaType: "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
            body: .bytes(Array(text.utf8))
        )
    }

    static func moved(to place: String) -> Reply {
        let text = "<a href=\"\(place)\">Moved Permanently</a>.\n\n"
        var reply = Reply(status: 301, mediaType: "text/html; charset=utf-8", body: .bytes(Array(text.utf8)))
        reply.fields[.location] = place
        return reply
    }

    /// The client has what it would get.
    mutating func becomeNotModified() {
        status = 304
        body = .bytes([])
    }

    static func aggregated(_ bytes: [UInt8]) -> Reply {
        Reply(
            status: 200,
            mediaType: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            body: .bytes(bytes)
        )
    }

    /// What a node says, as it comes.
    static func relayed(_ pieces: AsyncStream<[UInt8]>) -> Reply {
        Reply(status: 200, mediaType: "text/plain", body: .relayed(pieces))
    }

    /// What paths outside the API get.
    static let plainNotFound = Reply(
        status: 404,
        mediaType: "text/plain; charset=utf-8",
        body: .bytes(Array("404 page not found\n".utf8))
    )

    private static let jsonField = HTTPField(name: .contentType, value: "application/json")
    private static let notKept = HTTPField(name: .cacheControl, value: "no-cache, private")

    /// Answers from this size on are packed for those who take that.
    ///
    /// - Source: `gzipSize` of k8s.io/apiserver (seen upstream).
    private static let packedSize = 128 * 1024

    /// The response for the network.
    func response(isPretty: Bool, isHead: Bool, acceptEncoding: String?) -> HTTPServerResponse {
        var fields = fields
        if fields.isEmpty, status != 304 {
            // Nothing is in their way.
            let type =
                mediaType == "application/json"
                ? Self.jsonField : HTTPField(name: .contentType, value: mediaType)
            fields.replaceSubrange(0..<0, with: [type, Self.notKept])
        } else {
            if status != 304 { fields[.contentType] = mediaType }
            if fields[.cacheControl] == nil { fields[.cacheControl] = "no-cache, private" }
        }
        if retryAfterSeconds > 0 { fields[.retryAfter] = String(retryAfterSeconds) }
        if !warnings.isEmpty, let name = HTTPField.Name.warning {
            for warning in warnings {
                fields.append(HTTPField(name: name, value: "299 - \(JSONValue.string(warning).text)"))
            }
        }
        var content: HTTPServerResponse.Body
        switch body {
        case .bytes(let bytes): content = .bytes(isPretty ? Self.pretty(bytes) : bytes)
        case .json(let json): content = .bytes(isPretty ? Array(json.prettyText.utf8) : json.bytes)
        case .list(let list) where isPretty: content = .bytes(Self.pretty(list.bytes))
        case .list(let list) where list.size < Self.packedSize || isHead: content = .bytes(list.bytes)
        case .list(let list):
            // A long list is made while it is sent: others are served in between, and it takes no memory as a whole.
            let isPacked = acceptEncoding.map(GzipStream.isAccepted) ?? false
            if isPacked { note(&fields) }
            content = .stream(list.pieces(of: Self.packedSize, isPacked: isPacked))
        case .watch(.stream(let stream), _), .relayed(let stream): content = .stream(stream)
        case .watch(.feed(let feed), _): content = .feed(feed)
        case .node: content = .bytes([])
        }
        if case .bytes(let bytes) = content, bytes.count >= Self.packedSize, let acceptEncoding,
            GzipStream.isAccepted(acceptEncoding)
        {
            content = .bytes(GzipStream.pack(bytes))
            note(&fields)
        }
        if status != 304, case .bytes(let bytes) = content {
            fields.append(HTTPField(name: .contentLength, value: String(bytes.count)))
        }
        let head = HTTPResponse(status: .init(code: status), headerFields: fields)
        return HTTPServerResponse(head: head, body: isHead ? .bytes([]) : content)
    }

    /// Says that the body is packed.
    private func note(_ fields: inout HTTPFields) {
        fields[.contentEncoding] = "gzip"
        fields[.vary] = [fields[.vary], "Accept-Encoding"].compactMap { $0 }.joined(separator: ", ")
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
