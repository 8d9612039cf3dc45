// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes

/// One of the requests that traffic sends.
public struct TrafficRequest: Sendable, Hashable {
    /// The method.
    public var method: HTTPRequest.Method
    /// Where to, and for what.
    public var url: RequestURL
    /// Header fields, sent as they are; a `Host` field takes the place of the URL's host in the message only.
    public var headerFields: HTTPFields
    /// The body.
    public var body: [UInt8]
    /// How often it is sent, beside the other requests of its traffic; 0 means never.
    public var weight: Int
    /// The TLS server name; nil means the URL's host, an empty one that no name is sent.
    public var serverName: String?

    /// Makes a request.
    public init(
        method: HTTPRequest.Method = .get,
        url: RequestURL,
        headerFields: HTTPFields = [:],
        body: [UInt8] = [],
        weight: Int = 1,
        serverName: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headerFields = headerFields
        self.body = body
        self.weight = weight
        self.serverName = serverName
    }

    /// Reads a request such as `GET https://cafe.example.com/tea`; the method may be left out.
    ///
    /// - Throws: `TrafficMistake` saying what was expected and what was found.
    public init(_ text: String) throws(TrafficMistake) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let address = words.last, words.count <= 2 else {
            throw TrafficMistake(part: "request", reason: "expected a method and a URL, found \(text)")
        }
        let word = words.count == 2 ? String(words[0]) : "GET"
        guard let method = HTTPRequest.Method(word) else {
            throw TrafficMistake(part: "request", reason: "expected a method such as GET, found \(word)")
        }
        self.init(method: method, url: try RequestURL(String(address)))
    }

    /// One request for each pair of a host and a path, hosts first: the requests of a probe matrix.
    public static func matrix(
        scheme: RequestURL.Scheme,
        hosts: [String],
        paths: [String]
    ) -> [TrafficRequest] {
        hosts.flatMap { host in
            paths.map { TrafficRequest(url: RequestURL(scheme: scheme, host: host, path: $0)) }
        }
    }

    /// True when sending it twice does no more than sending it once.
    ///
    /// - Source: RFC 9110, 9.2.2: documented.
    var isIdempotent: Bool { Self.idempotentMethods.contains(method) }

    private static let idempotentMethods: [HTTPRequest.Method] = [
        .get, .head, .options, .trace, .put, .delete,
    ]
}
