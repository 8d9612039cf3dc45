// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Testing

@testable import Traffic

@Suite struct URLTests {
    @Test(arguments: [
        ("http://a.example", RequestURL(scheme: .http, host: "a.example", port: 80, path: "/")),
        ("https://A.Example/tea?x=1#top", RequestURL(scheme: .https, host: "a.example", path: "/tea?x=1")),
        ("HTTPS://a.example:8443", RequestURL(scheme: .https, host: "a.example", port: 8443)),
        ("http://a.example?x", RequestURL(scheme: .http, host: "a.example", path: "/?x")),
        ("http://[::1]:81/a", RequestURL(scheme: .http, host: "::1", port: 81, path: "/a")),
        ("http://10.0.0.1", RequestURL(scheme: .http, host: "10.0.0.1")),
    ])
    func `a url is read into its parts`(text: String, url: RequestURL) throws {
        #expect(try RequestURL(text) == url)
    }

    @Test(arguments: [
        "a.example/tea", "ftp://a.example", "http://", "http:///x", "http://a.example:0",
        "http://a.example:x",
        "http://a.example:70000", "http://user@a.example/", "http://a b/", "http://[::1", "://x",
    ])
    func `a bad url is a mistake and not a trap`(text: String) {
        #expect(throws: TrafficMistake.self) { try RequestURL(text) }
    }

    @Test func `a url is written as it is read, without the port that goes without saying`() throws {
        for text in ["https://a.example/", "http://a.example:81/x?y", "http://[::1]:81/a"] {
            #expect(try RequestURL(text).description == text)
        }
        #expect(try RequestURL("https://a.example:443/").description == "https://a.example/")
    }

    @Test(arguments: [
        ("https://b.example/x", "https://b.example/x"), ("//b.example/x", "http://b.example/x"),
        ("/new", "http://a.example/new"), ("other", "http://a.example/dir/other"),
        ("?q=2", "http://a.example/dir/page?q=2"), ("/new#part", "http://a.example/new"),
    ])
    func `a location is taken relative to what was asked for`(location: String, target: String) throws {
        let url = try RequestURL("http://a.example/dir/page?q=1")
        #expect(url.following(location)?.description == target)
    }

    @Test func `a location that leads nowhere is none`() throws {
        let url = try RequestURL("http://a.example/")
        #expect(url.following("") == nil)
        #expect(url.following("gopher://a.example/") == nil)
    }
}

@Suite struct DescriptionTests {
    private func description(
        _ change: (inout TrafficDescription) -> Void = { _ in }
    ) throws -> TrafficDescription {
        var description = TrafficDescription(
            name: "t",
            requests: [try TrafficRequest("GET https://a.example/")],
            load: .constant(perSecond: 1)
        )
        change(&description)
        return description
    }

    @Test func `a request is read with and without its method`() throws {
        #expect(try TrafficRequest("https://a.example/x").method == .get)
        #expect(try TrafficRequest("DELETE  https://a.example/x").method == .delete)
        #expect(throws: TrafficMistake.self) { try TrafficRequest("GET it https://a.example/x") }
        #expect(throws: TrafficMistake.self) { try TrafficRequest("G(ET https://a.example/x") }
        #expect(throws: TrafficMistake.self) { try TrafficRequest("") }
    }

    @Test func `a matrix has a request for each host and path`() {
        let matrix = TrafficRequest.matrix(scheme: .https, hosts: ["a", "b"], paths: ["/", "/x"])
        #expect(matrix.map(\.url.description) == ["https://a/", "https://a/x", "https://b/", "https://b/x"])
    }

    @Test func `a good description has no mistake`() throws {
        try description().check()
    }

    @Test func `each wrong part is named`() throws {
        let wrong: [(String, (inout TrafficDescription) -> Void)] = [
            ("requests", { $0.requests = [] }),
            ("weight", { $0.requests[0].weight = -1 }),
            ("weight", { $0.requests[0].weight = 0 }),
            ("weight", { $0.requests[0].weight = .max }),
            ("rate", { $0.load = .constant(perSecond: 0) }),
            ("rate", { $0.load = .constant(perSecond: .nan) }),
            ("rate", { $0.load = .constant(perSecond: .infinity) }),
            ("every", { $0.load = .every(.zero) }),
            ("delay", { $0.delay = .seconds(-1) }),
            ("lasting", { $0.lasting = .zero }),
            ("count", { $0.count = 0 }),
            ("clients", { $0.clients = 0 }),
            ("requestTimeout", { $0.requestTimeout = .zero }),
            ("redirectLimit", { $0.redirectLimit = -1 }),
            ("versions", { $0.connections.versions = [] }),
            (
                "versions",
                {
                    $0.connections.versions = [.http3]
                    $0.requests[0].url.scheme = .http
                }
            ),
            ("requestsPerConnection", { $0.connections.requestsPerConnection = 0 }),
            ("connectionsPerClient", { $0.connections.connectionsPerClient = 0 }),
            ("streamsPerConnection", { $0.connections.streamsPerConnection = 0 }),
            ("connectTimeout", { $0.connections.connectTimeout = .zero }),
            ("idleTimeout", { $0.connections.idleTimeout = .zero }),
            ("target", { $0.connections.target = ConnectTarget(name: "lb", port: 0) }),
        ]
        for (part, change) in wrong {
            let mistake = #expect(throws: TrafficMistake.self) { try description(change).check() }
            #expect(mistake?.part == part)
        }
    }

    @Test func `a host field takes the place of the name in the message only`() throws {
        var request = try TrafficRequest("https://a.example/x")
        if let name = HTTPField.Name("Host") {
            request.headerFields.append(HTTPField(name: name, value: "b.example"))
        }
        let prepared = PreparedRequest(request, origin: 0)
        guard case .request(let head) = prepared.frame.head else {
            throw TrafficMistake(part: "test", reason: "no head")
        }
        #expect(head.authority == "b.example")
        #expect(head.headerFields.isEmpty)
        #expect(prepared.host == "b.example")
        #expect(Origin(request, ConnectionUse()).options[0].tls?.serverName == "a.example")
    }

    @Test func `an address is not sent as a server name`() throws {
        let request = try TrafficRequest("https://10.0.0.1/x")
        #expect(Origin(request, ConnectionUse()).options[0].tls?.serverName == nil)
    }

    @Test func `versions decide on transports and what is offered`() throws {
        let secure = try TrafficRequest("https://a.example/")
        let all = Origin(secure, ConnectionUse(versions: [.http3, .http2, .http11]))
        #expect(all.options.map(\.transport) == [.quic, .tcp])
        #expect(all.options.map { $0.tls?.applicationProtocols } == [["h3"], ["h2", "http/1.1"]])
        let plain = try TrafficRequest("http://a.example/")
        #expect(Origin(plain, ConnectionUse()).options[0].plainVersion == .http11)
        #expect(Origin(plain, ConnectionUse(versions: [.http2])).options[0].plainVersion == .http2)
    }
}

@Suite struct FigureTests {
    @Test func `a histogram is exact for few nanoseconds and near for many`() {
        var histogram = LatencyHistogram()
        for value in 1...1000 { histogram.add(.milliseconds(value)) }
        #expect(histogram.count == 1000)
        #expect(histogram.shortest == .milliseconds(1))
        #expect(histogram.longest == .milliseconds(1000))
        #expect(histogram.mean == .microseconds(500_500))
        for (perMille, expected) in [(500, 500.0), (900, 900), (990, 990), (999, 999)] {
            let found = histogram.quantile(perMille: perMille).inSeconds * 1000
            #expect(found >= expected && found <= expected * 1.032)
        }
        #expect(histogram.quantile(perMille: 1000) == .milliseconds(1000))
        var small = LatencyHistogram()
        for value in 0..<64 { small.add(.nanoseconds(value)) }
        #expect(small.quantile(perMille: 500) == .nanoseconds(31))
    }

    @Test func `an empty histogram and absurd durations do not trap`() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(perMille: 500) == .zero)
        #expect(histogram.mean == .zero)
        histogram.add(.nanoseconds(Int64.max))
        histogram.add(.nanoseconds(-5))
        #expect(histogram.longest == .nanoseconds(Int64.max))
        #expect(histogram.quantile(perMille: 1000) == .nanoseconds(Int64.max))
        #expect(histogram.shortest == .zero)
    }
}
