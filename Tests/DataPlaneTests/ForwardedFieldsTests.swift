// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

private func forwarded(_ headers: ForwardedHeaders, _ fields: HTTPFields, port: Int = 443) -> HTTPFields {
    var configuration = listener(port: port, listenerProtocol: .https)
    configuration.forwardedHeaders = headers
    var fields = fields
    ForwardedFields(configuration, loadBalancer: "alb-1").apply(
        to: &fields,
        scan: FieldScan(fields),
        client: ClientFacts(address: "192.0.2.1", port: 4711),
        authority: "cafe.example.com:443"
    )
    return fields
}

@Suite struct ForwardedFieldsTests {
    @Test func `the client's address is appended to those before it`() {
        #expect(forwarded(ForwardedHeaders(), [:])[.forwardedFor] == "192.0.2.1")
        #expect(
            forwarded(ForwardedHeaders(), [.forwardedFor: "10.0.0.1, 10.0.0.2"])[.forwardedFor]
                == "10.0.0.1, 10.0.0.2, 192.0.2.1"
        )
    }

    @Test func `the chain is removed or passed on as the listener wants`() {
        let chain: HTTPFields = [.forwardedFor: "10.0.0.1"]
        #expect(forwarded(ForwardedHeaders(forwardedFor: "remove"), chain)[.forwardedFor] == nil)
        #expect(forwarded(ForwardedHeaders(forwardedFor: nil), chain)[.forwardedFor] == "10.0.0.1")
    }

    @Test func `fields are set by their flags and not without them`() {
        let all = forwarded(
            ForwardedHeaders(flags: ["Proto", "SLBId", "SLBPort", "ClientSrcPort", "Host"]),
            [.forwardedProto: "gopher"]
        )
        #expect(all[values: .forwardedProto] == ["https"])
        #expect(all[.loadBalancerID] == "alb-1")
        #expect(all[.forwardedPort] == "443")
        #expect(all[.forwardedClientPort] == "4711")
        #expect(all[.forwardedHost] == "cafe.example.com:443")
        let none = forwarded(ForwardedHeaders(), [:])
        #expect(none.map(\.name.canonicalName) == ["x-forwarded-for", "alicloud-alb-trace"])
    }

    @Test func `fields of one connection stay on it`() {
        let fields = forwarded(
            ForwardedHeaders(),
            [.connection: "keep-alive", .keepAlive: "timeout=5", .te: "gzip", .accept: "*/*"]
        )
        #expect(fields[.connection] == nil)
        #expect(fields[.keepAlive] == nil)
        #expect(fields[.te] == nil)
        #expect(fields[.accept] == "*/*")
    }

    @Test func `an upgrade goes through`() {
        let fields = forwarded(ForwardedHeaders(), [.connection: "Upgrade", .upgrade: "websocket"])
        #expect(fields[.connection] == "upgrade")
        #expect(fields[.upgrade] == "websocket")
    }

    @Test func `a load balancer adds its mark and knows it again`() {
        let mark = HopChain.mark(of: "alb-1")
        #expect(mark.utf8.count == 16)
        #expect(mark != HopChain.mark(of: "alb-2"))
        let fields = forwarded(ForwardedHeaders(), [.albTrace: mark])
        #expect(fields[.albTrace] == mark + mark)
        #expect(HopChain(mark + mark).isLoop(mark: mark, maximumHops: 16))
        #expect(!HopChain(mark).isLoop(mark: mark, maximumHops: 16))
        #expect(HopChain(String(repeating: "x", count: 17 * 16)).isLoop(mark: mark, maximumHops: 16))
    }

    @Test func `the real source is the first address from the right that no trusted proxy has`() {
        var configuration = listener()
        configuration.forwardedHeaders = ForwardedHeaders(
            flags: ["ClientSourceIps"],
            trustedSources: ["10.0.0.0/8"]
        )
        let fields = ForwardedFields(configuration, loadBalancer: "alb-1")
        func source(_ chain: String) -> IPAddress? {
            fields.source(connection: IPAddress("10.1.1.1"), fields: [.forwardedFor: chain])
        }
        #expect(source("203.0.113.9, 198.51.100.7, 10.2.2.2") == IPAddress("198.51.100.7"))
        #expect(source("10.5.5.5, 10.2.2.2") == IPAddress("10.5.5.5"))
        #expect(source("nonsense") == IPAddress("10.1.1.1"))
    }
}

@Suite struct RequestCheckTests {
    private func objection(_ request: HTTPRequest) -> OwnAnswer? {
        RequestCheck.objection(
            to: request,
            method: request.method.rawValue,
            scan: FieldScan(request.headerFields),
            mark: "0123456789abcdef",
            settings: DataPlaneSettings()
        )
    }

    @Test func `an ordinary request is let through`() {
        #expect(objection(get("/tea?a=b")) == nil)
        #expect(objection(get("*", method: .options)) == nil)
    }

    @Test func `each defect has its status`() {
        #expect(objection(get("/", host: ""))?.status == 400)
        #expect(objection(get("tea"))?.status == 400)
        #expect(objection(get("/", method: .trace))?.status == 405)
        #expect(objection(get("/" + String(repeating: "a", count: 33_000)))?.status == 414)
        let large: HTTPFields = [name("X-Large"): String(repeating: "a", count: 33_000)]
        #expect(objection(get("/", fields: large)) == .headersTooLarge)
        let loop: HTTPFields = [.albTrace: "0123456789abcdef0123456789abcdef"]
        #expect(objection(get("/", fields: loop))?.status == 463)
    }

    @Test func `the page of each answer carries its status, and a loop's has no body`() throws {
        for own in OwnAnswer.allCases where own.status != 499 {
            let page = try #require(own.page)
            #expect(page.head.status.code == own.status)
            #expect(page.body.isEmpty == (own == .loop))
        }
        #expect(OwnAnswer.limited.page?.head.headerFields[.albLimited] == "Limited")
    }
}
