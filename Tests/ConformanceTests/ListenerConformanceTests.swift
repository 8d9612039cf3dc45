// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

/// What is switched on and off at listeners, and shares among server groups, in both worlds.
@Suite struct ListenerConformanceTests {
    private static func ask(_ path: String = "/", _ fields: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(
            method: .get,
            scheme: "http",
            authority: "cafe.example.com:8080",
            path: path,
            headerFields: fields
        )
    }

    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }

    /// Asks the same in both worlds; `check` sees the replies with the client's address as CLIENT and the listener's
    /// port as PORT.
    private func check(
        _ asked: [HTTPRequest],
        _ change: @escaping @Sendable (inout ListenerConfiguration, ListenerWorld) -> Void,
        _ check: ([String], [ListenerWorld.Reply?]) -> Void
    ) async throws {
        for arm in Arm.allCases {
            let (told, replies) = try await ListenerWorld.run(arm) { world in
                var listener = ListenerConfiguration(
                    id: "lsn-1",
                    listenerProtocol: .http,
                    port: world.port,
                    defaultAction: .forward([WeightedGroup(serverGroup: "a")], stickySeconds: nil)
                )
                change(&listener, world)
                let replies = try await world.replies(listener, to: asked.map { ($0, nil) })
                let told = replies.map { reply in
                    let words = (reply?.told ?? "").split(
                        separator: world.clientIP,
                        omittingEmptySubsequences: false
                    )
                    .joined(separator: "CLIENT")
                    return words.split(separator: "\(world.port)", omittingEmptySubsequences: false)
                        .joined(separator: "PORT")
                }
                return (told, replies)
            }
            #expect(replies.count == asked.count, "\(arm)")
            check(told, replies)
        }
    }

    private static let proxied = ask("/", [name("X-Forwarded-For"): "198.51.100.9"])

    @Test(arguments: [
        ("append", ["x-forwarded-for=CLIENT", "x-forwarded-for=198.51.100.9, CLIENT"]),
        ("remove", ["", ""]),
        (nil, ["", "x-forwarded-for=198.51.100.9"]),
    ])
    func `the clients' addresses are appended, removed or left`(
        _ mode: String?,
        _ wanted: [String]
    ) async throws {
        try await check([Self.ask(), Self.proxied]) { listener, _ in
            listener.forwardedHeaders = ForwardedHeaders(forwardedFor: mode)
        } _: { told, _ in
            #expect(told == wanted)
        }
    }

    @Test func `fields about the way are set by their flags, in place of the client's own`() async throws {
        let forged = Self.ask(
            "/",
            [
                Self.name("X-Forwarded-Proto"): "https", Self.name("X-Forwarded-Port"): "1",
                Self.name("SLB-ID"): "x",
            ]
        )
        try await check([Self.ask(), forged]) { listener, _ in
            listener.forwardedHeaders = ForwardedHeaders(
                forwardedFor: nil,
                flags: ["Proto", "SLBId", "SLBPort", "Host"]
            )
        } _: { told, _ in
            let wanted =
                "slb-id=alb-1 | x-forwarded-host=cafe.example.com:8080 | x-forwarded-port=PORT | x-forwarded-proto=http"
            #expect(told == [wanted, wanted])
        }
        // Without the flags they pass as they came.
        try await check([forged]) { listener, _ in
            listener.forwardedHeaders = ForwardedHeaders(forwardedFor: nil)
        } _: { told, _ in
            #expect(told == ["slb-id=x | x-forwarded-port=1 | x-forwarded-proto=https"])
        }
    }

    @Test(arguments: [(true, true, 200), (true, false, 403), (false, true, 403), (false, false, 200)])
    func `a white list lets in whom it names, a black list all others`(
        _ isWhiteList: Bool,
        _ isNamed: Bool,
        _ status: Int
    ) async throws {
        try await check([Self.ask()]) { listener, world in
            listener.accessControl = AccessControl(
                isWhiteList: isWhiteList,
                entries: [isNamed ? "\(world.clientIP)/32" : "203.0.113.0/24"]
            )
        } _: { _, replies in
            #expect(replies.map { $0?.head.status.code } == [status])
        }
    }

    private static func forward(_ shares: [(String, Int)], sticky: Int? = nil) -> RuleAction {
        .forward(shares.map { WeightedGroup(serverGroup: $0.0, weight: $0.1) }, stickySeconds: sticky)
    }

    @Test func `shares of 0 get nothing, and a session stays with its group`() async throws {
        let cookie = Self.name("Cookie")
        try await check(
            (0..<4).map { _ in Self.ask("/share") } + [
                Self.ask("/sticky"), Self.ask("/sticky", [cookie: "SERVERGROUPID=x"]),
            ]
        ) { listener, _ in
            listener.rules = [
                RuleConfiguration(
                    id: "1",
                    name: "share",
                    priority: 1,
                    conditions: [.path(["/share"])],
                    actions: [Self.forward([("a", 0), ("b", 100)])]
                ),
                RuleConfiguration(
                    id: "2",
                    name: "sticky",
                    priority: 2,
                    conditions: [.path(["/sticky"])],
                    actions: [Self.forward([("a", 100), ("empty", 0)], sticky: 60)]
                ),
            ]
        } _: { _, replies in
            #expect(replies.map { $0?.head.headerFields[.server] } == ["b", "b", "b", "b", "a", "a"])
            for reply in replies.suffix(2) {
                #expect(reply?.head.headerFields[.setCookie]?.hasPrefix("SERVERGROUPID=") == true)
            }
        }
    }

    @Test func `an answer of the load balancer's own tells its reason by its status`() async throws {
        let loop = String(repeating: "0123456789abcdef", count: 17)
        try await check([
            Self.ask("/", [Self.name("ALICLOUD-ALB-TRACE"): loop]),
            Self.ask("*"),
            Self.ask("/none"),
            Self.ask("/a?x=" + String(repeating: "y", count: 33_000)),
        ]) { listener, _ in
            listener.rules = [
                RuleConfiguration(
                    id: "1",
                    name: "none",
                    priority: 1,
                    conditions: [.path(["/none"])],
                    actions: [.forward([WeightedGroup(serverGroup: "missing")], stickySeconds: nil)]
                )
            ]
        } _: { _, replies in
            #expect(replies.map { $0?.head.status.code } == [463, 400, 503, 414])
        }
    }
}
