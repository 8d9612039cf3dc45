// SPDX-License-Identifier: Apache-2.0
import Certificates
import JSON
import Ports
import Testing

@testable import Scenarios

struct TrafficEvaluatorTests {
    @Test func `always is met when every request is so`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, status: 200}")
        for second in 0..<50 { run.request(at: Double(second)) }
        run.request("guests", at: 51, 404)
        #expect(run.verdict() == ["met"])
    }

    @Test func `always tells how many were otherwise, and the first of them`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, status: 200}")
        for second in 1...9 { run.request(at: Double(second)) }
        run.request(at: 12.345, 502)
        run.request(at: 13, 502, from: "")
        run.request(at: 14, 0, outcome: "timed out", from: "", latency: .seconds(2))
        #expect(
            run.verdict() == [
                "12 requests of shoppers, 3 otherwise: 2 × status 502, 1 × timed out",
                "+12.345s GET cafe.example.com/tea: status 502 from tea-5d8fbcd9f7-x2x7q after 5ms",
                "+13.000s GET cafe.example.com/tea: status 502 after 5ms",
                "+14.000s GET cafe.example.com/tea: timed out after 2s", "+12.345s",
            ]
        )
    }

    @Test(arguments: [
        "always: {traffic: shoppers, status: 200}", "never: {traffic: shoppers, status: 500}",
        "count: {traffic: shoppers, status: 500, at-most: 5}",
        "share: {traffic: shoppers, status: 500, at-most: 5%}",
        "eventually: {traffic: shoppers, status: 200}", "never: {connection: {outcome: refused}}",
    ])
    func `an expectation that saw nothing is not met`(_ claim: String) throws {
        var run = try HandMadeRun("- \(claim)")
        run.request("guests", at: 1, 500)
        #expect(run.verdict().first?.hasSuffix("so nothing is shown") == true)
    }

    @Test func `an expectation that saw nothing in its window is not met`() throws {
        var run = try HandMadeRun("- never: {traffic: shoppers, status: 500, after: 50s}")
        run.request(at: 1)
        #expect(run.verdict() == ["there was no request of shoppers in this window, so nothing is shown"])
    }

    @Test func `a window takes what was sent in it, whenever it was answered`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, status: 200, after: 10s, before: 20s}")
        run.request(at: 5, 500)
        run.request(at: 11, 500, latency: .seconds(2))  // sent at 9 s
        run.request(at: 15)
        run.request(at: 20, 500, latency: .zero)
        #expect(run.verdict() == ["met"])
        run.request(at: 22, 500, latency: .seconds(3))  // sent at 19 s
        #expect(run.verdict().first == "2 requests of shoppers, 1 otherwise: 1 × status 500")
    }

    @Test func `a window may begin and end with steps`() throws {
        var run = try HandMadeRun(
            "- always: {traffic: shoppers, status: 200, after: rollout + 5s, before: rotate-certificate}"
        )
        run.request(at: 1, 500)
        run.step(1, at: 10)
        run.request(at: 14, 500)
        run.request(at: 16)
        run.step(2, at: 20)
        run.request(at: 21, 500)
        #expect(run.verdict() == ["met"])
        run.request(at: 22, 500, latency: .seconds(3))
        #expect(run.verdict().last == "+22.000s")
    }

    @Test func `a step that was never reached breaks its window`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, status: 200, after: rollout}")
        run.request(at: 1)
        #expect(run.verdict().first == "rollout was never reached")
    }

    @Test func `a window that begins after the end is not met`() throws {
        var run = try HandMadeRun(
            "- always: {traffic: shoppers, status: 200, after: 200s}\n- always: {gone: {kind: Pod}, after: 200s}"
        )
        run.request(at: 1)
        #expect(
            run.failures().map(\.seen) == [
                ["the run ended at +1m40.000s, before this window began"],
                ["the run ended at +1m40.000s, before this window began"],
            ]
        )
    }

    @Test func `never is met without one, and tells those that are so`() throws {
        var run = try HandMadeRun("- never: {traffic: shoppers, status: 5xx}")
        run.request(at: 1)
        #expect(run.verdict() == ["met"])
        run.request(at: 2, 503, from: "")
        #expect(
            run.verdict() == [
                "2 requests of shoppers, 1 so: 1 × status 503",
                "+2.000s GET cafe.example.com/tea: status 503 after 5ms", "+2.000s",
            ]
        )
    }

    @Test func `count and share have limits`() throws {
        func run(_ claim: String, bad: Int) throws -> [String] {
            var run = try HandMadeRun("- \(claim)")
            for place in 0..<100 { run.request(at: 1 + Double(place) / 10, place < bad ? 502 : 200) }
            return run.verdict()
        }
        let count = "count: {traffic: shoppers, status: 502, at-least: 1, at-most: 40}"
        #expect(try run(count, bad: 40) == ["met"])
        #expect(try run(count, bad: 0) == ["0 of 100 requests of shoppers"])
        #expect(
            try run(count, bad: 41).prefix(2) == [
                "41 of 100 requests of shoppers", "they were: 41 × status 502",
            ]
        )
        let share = "share: {traffic: shoppers, status: 502, at-least: 20%, at-most: 25%}"
        #expect(try run(share, bad: 25) == ["met"])
        #expect(try run(share, bad: 26).first == "26%: 26 of 100 requests of shoppers")
    }

    @Test func `paths choose the requests that count`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, path: /tea*, status: 200}")
        run.request(at: 1, 404, path: "/coffee")
        run.request(at: 2, path: "/tea/green")
        #expect(run.verdict() == ["met"])
    }

    @Test(arguments: [
        ("tea", "tea-5d8fbcd9f7-x2x7q", true), ("tea", "default/tea-5d8fbcd9f7-x2x7q", true),
        ("tea", "tea", true),
        ("tea", "tea-v2-5d8fbcd9f7-x2x7q", false), ("tea", "teapot-5d8fbcd9f7-x2x7q", false),
        ("tea-*", "tea-v2-1", true),
        ("tea", "", false), ("*", "", false), ("tea", "tea-5d8fbcd9f7-x2x7", false),
        ("bar/tea-1", "bar/tea-1", true),
    ])
    func `a Deployment's name means its pods`(_ pattern: String, _ pod: String, _ isMatch: Bool) {
        #expect(ServerPattern(glob: Glob(pattern)).matches(pod) == isMatch)
    }

    @Test func `who served and how fast is told when it is asked for`() throws {
        var run = try HandMadeRun("- always: {traffic: shoppers, served-by: tea, faster-than: 10ms}")
        run.request(at: 1)
        run.request(at: 2, from: "coffee-1")
        run.request(at: 3, latency: .milliseconds(10))
        #expect(
            run.verdict().first == "3 requests of shoppers, 2 otherwise: 1 × status 200, served by coffee-1, "
                + "1 × status 200, served by tea-5d8fbcd9f7-x2x7q, not faster than 10ms"
        )
    }

    @Test func `connections are judged too`() throws {
        var run = try HandMadeRun(
            "- never: {connection: {traffic: shoppers, outcome: certificate-*}}\n- always: {connection: {version: HTTP/2.0}}"
        )
        run.connection(at: 1)
        #expect(run.verdict() == ["met"])
        run.connection(at: 2, "certificate expired", version: "")
        #expect(
            run.failures().map(\.seen).map(\.first) == [
                "2 connections of shoppers, 1 so: 1 × certificate expired",
                "2 connections, 1 otherwise: 1 × certificate expired, no version",
            ]
        )
    }
}

struct TimeBoundTests {
    @Test func `within is met by the first request in time`() throws {
        var run = try HandMadeRun("- within: 30s\n  after: rollout\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 1)
        run.step(1, at: 10)
        run.request(at: 11, 503)
        run.request(at: 40.005)  // sent at 40 s
        run.request(at: 41, 503)
        #expect(run.verdict() == ["met"])
    }

    @Test func `within tells how much too late it was`() throws {
        var run = try HandMadeRun("- within: 30s\n  after: rollout\n  traffic: {name: shoppers, status: 200}")
        run.step(1, at: 10)
        run.request(at: 11, 503)
        run.request(at: 47.205)
        #expect(
            run.verdict() == ["first so at +47.200s, 7.2s too late", "otherwise: 1 × status 503", "+40.000s"]
        )
    }

    @Test func `within tells when it never was so`() throws {
        var run = try HandMadeRun("- within: 30s\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 1, 503, from: "")
        run.request(at: 90, 0, outcome: "refused", from: "")
        #expect(
            run.verdict() == [
                "none of 2 requests of shoppers was so: 1 × status 503, 1 × refused",
                "+1.000s GET cafe.example.com/tea: status 503 after 5ms",
                "+1m30.000s GET cafe.example.com/tea: refused after 5ms", "+30.000s",
            ]
        )
    }

    @Test func `what must stay so is broken by one that is not`() throws {
        var run = try HandMadeRun("- within: 30s\n  for: 10s\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 5)
        run.request(at: 12, 503)
        run.request(at: 35)
        run.request(at: 60)
        #expect(
            run.verdict() == [
                "first so at +4.995s, for good since +34.995s, which is too late",
                "otherwise: 1 × status 503", "+30.000s",
            ]
        )
        run.request(at: 61, 500)
        #expect(run.verdict().first == "so from +34.995s, but not any more at +1m00.995s: status 500")
    }

    @Test func `what must stay so may break after it has stayed long enough`() throws {
        var run = try HandMadeRun("- within: 30s\n  for: 10s\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 5)
        run.request(at: 16)
        run.request(at: 17, 503)
        #expect(run.verdict() == ["met"])
    }

    @Test func `a gap between requests counts when nothing spoke against it`() throws {
        var run = try HandMadeRun("- within: 30s\n  for: 10s\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 5)
        run.request(at: 16, 503)
        #expect(run.verdict() == ["met"])
    }

    @Test func `a request that was sent before and answered late does not break it`() throws {
        var run = try HandMadeRun("- within: 30s\n  for: rest\n  traffic: {name: shoppers, status: 200}")
        run.request(at: 10)
        run.request(at: 20, 504, latency: .seconds(15))
        #expect(run.verdict() == ["met"])
        run.request(at: 50, 504, latency: .seconds(15))
        #expect(
            run.verdict() == [
                "so from +9.995s, but not any more at +35.000s: status 504", "otherwise: 2 × status 504",
                "+35.000s",
            ]
        )
    }

    @Test func `the run must last as long as what must stay so`() throws {
        var run = try HandMadeRun("- eventually: {traffic: shoppers, status: 200, for: 10s}")
        run.request(at: 95)
        #expect(
            run.verdict(end: 100) == [
                "first so at +1m34.995s, for good since +1m34.995s, which is not long enough", "+1m40.000s",
            ]
        )
        #expect(run.verdict(end: 105) == ["met"])
    }
}

struct ObjectEvaluatorTests {
    private static let hasAddress =
        "object: {kind: Ingress, name: cafe, status: {loadBalancer: {ingress: [{hostname: {like: alb-*}}]}}}"

    @Test func `eventually needs one instant`() throws {
        var run = try HandMadeRun("- eventually: {\(Self.hasAddress)}")
        run.ingress(at: 1, address: nil)
        #expect(
            run.verdict() == [
                "never so; in the end: status.loadBalancer.ingress: expected a list of 1, found one of 0",
                "+1m40.000s",
            ]
        )
        run.ingress(at: 5, address: "alb-1.example.com")
        run.ingress(at: 6, address: nil)
        #expect(run.verdict() == ["met"])
    }

    @Test func `within has a bound, and may have to stay`() throws {
        func verdict(_ more: String) throws -> [String] {
            var run = try HandMadeRun("- within: 30s\n  after: rollout\n  \(Self.hasAddress)\(more)")
            run.ingress(at: 1, address: nil)
            run.step(1, at: 10)
            run.ingress(at: 20, address: "alb-1")
            run.ingress(at: 25, address: nil)
            return run.verdict()
        }
        #expect(try verdict("") == ["met"])
        #expect(try verdict("\n  for: 5s") == ["met"])
        #expect(
            try verdict("\n  for: 6s") == [
                "so from +20.000s, but not any more at +25.000s: status.loadBalancer.ingress: expected a list of 1, found one of 0",
                "+25.000s",
            ]
        )
        var late = try HandMadeRun("- within: 30s\n  \(Self.hasAddress)")
        late.ingress(at: 31.5, address: "alb-1")
        #expect(
            late.verdict() == [
                "first so at +31.500s, 1.5s too late", "before: there is no Ingress default/cafe", "+30.000s",
            ]
        )
    }

    @Test func `always begins with its window`() throws {
        var run = try HandMadeRun("- always: {\(Self.hasAddress), after: 10s, before: 50s}")
        run.ingress(at: 5, address: "alb-1")
        run.ingress(at: 50, address: nil)
        #expect(run.verdict() == ["met"])
        var broken = try HandMadeRun("- always: {\(Self.hasAddress), after: 10s, before: 50s}")
        broken.ingress(at: 5, address: "alb-1")
        broken.object("ingresses.networking.k8s.io", "cafe", at: 20, nil)
        broken.ingress(at: 30, address: "alb-1")
        #expect(
            broken.verdict() == [
                "not so from +20.000s until +30.000s: there is no Ingress default/cafe", "+20.000s",
            ]
        )
    }

    @Test func `a state that lasted no time does not count`() throws {
        var run = try HandMadeRun("- always: {\(Self.hasAddress), after: 10s}")
        run.ingress(at: 5, address: "alb-1")
        run.ingress(at: 20, address: nil)
        run.ingress(at: 20, address: "alb-2")
        #expect(run.verdict() == ["met"])
    }

    @Test func `never needs an object that could have been so`() throws {
        var run = try HandMadeRun(
            "- never: {object: {kind: Ingress, name: cafe, metadata: {deletionTimestamp: {like: \"*\"}}}}"
        )
        #expect(
            run.verdict().first == "there is no Ingress default/cafe in the whole run, so nothing is shown"
        )
        run.ingress(at: 1, address: nil)
        #expect(run.verdict() == ["met"])
        run.object("ingresses.networking.k8s.io", "cafe", at: 9, ["metadata": ["deletionTimestamp": "2026"]])
        #expect(run.verdict() == ["it was so from +9.000s", "+9.000s"])
    }

    @Test func `gone is met when the object goes`() throws {
        var run = try HandMadeRun("- within: 20s\n  after: rollout\n  gone: {kind: Ingress, name: cafe}")
        run.ingress(at: 1, address: nil)
        run.step(1, at: 10)
        #expect(run.verdict() == ["never so; in the end: Ingress default/cafe is there", "+30.000s"])
        run.object("ingresses.networking.k8s.io", "cafe", at: 15, nil)
        #expect(run.verdict() == ["met"])
    }

    @Test func `without a name any object of the kind will do`() throws {
        var run = try HandMadeRun(
            "- eventually: {object: {kind: Pod, labels: {app: tea}, status: {phase: Running}}}"
        )
        run.object(
            "pods",
            "coffee-1",
            at: 1,
            ["metadata": ["labels": ["app": "coffee"]], "status": ["phase": "Running"]]
        )
        run.object(
            "pods",
            "tea-1",
            at: 2,
            ["metadata": ["labels": ["app": "tea"]], "status": ["phase": "Pending"]]
        )
        run.object("pods", "tea-2", at: 2, ["metadata": ["labels": ["app": "tea"]]], namespace: "bar")
        #expect(
            run.verdict() == [
                "never so; in the end: nearest is Pod default/tea-1: status.phase: expected \"Running\", found \"Pending\"",
                "+1m40.000s",
            ]
        )
        run.object(
            "pods",
            "tea-3",
            at: 3,
            ["metadata": ["labels": ["app": "tea"]], "status": ["phase": "Running"]]
        )
        #expect(run.verdict() == ["met"])
    }
}

struct OtherEvaluatorTests {
    @Test func `events are judged by their bodies`() throws {
        var run = try HandMadeRun(
            "- within: 20s\n  event: {type: Warning, reason: Failed*, object: ingress/cafe, message-contains: key}"
        )
        run.object(
            "events",
            "e1",
            at: 1,
            [
                "type": "Normal", "reason": "Sync", "involvedObject": ["kind": "Ingress", "name": "cafe"],
                "message": "a key",
            ]
        )
        #expect(
            run.verdict() == [
                "none of 1 event was so: 1 × Sync", "+1.000s Normal Sync on Ingress cafe: a key", "+20.000s",
            ]
        )
        run.object(
            "events",
            "e2",
            at: 2,
            [
                "type": "Warning", "reason": "FailedBuildModel", "message": "the key is missing",
                "involvedObject": ["kind": "Ingress", "name": "cafe", "namespace": "default"],
            ]
        )
        #expect(run.verdict() == ["met"])
    }

    @Test func `the absence of events needs a run that had some`() throws {
        var run = try HandMadeRun("- never: {event: {reason: Failed*}, after: 10s}")
        #expect(run.verdict() == ["there was no event in the whole run, so nothing is shown"])
        run.object("events", "e1", at: 1, ["reason": "Sync"])
        #expect(run.verdict() == ["met"])
    }

    @Test func `calls are counted`() throws {
        var run = try HandMadeRun(
            "- calls: {action: CreateRule*, at-most: 1}\n- calls: {writes: true, equals: 0, after: 50s}"
        )
        #expect(run.failures().count == 2)
        run.call("CreateRules", at: 1)
        run.call("ListServerGroups", at: 60)
        #expect(run.failures().isEmpty)
        run.call("CreateRule", at: 70, code: "Throttling.User")
        #expect(
            run.failures().map(\.seen) == [
                [
                    "2 of 3 cloud calls", "they were: 1 × CreateRules, 1 × CreateRule Throttling.User",
                    "+1.000s CreateRules by controller of alb-1: status 200",
                    "+1m10.000s CreateRule by controller of alb-1: Throttling.User",
                ],
                [
                    "1 of 2 cloud calls", "they were: 1 × CreateRule Throttling.User",
                    "+1m10.000s CreateRule by controller of alb-1: Throttling.User",
                ],
            ]
        )
    }

    @Test func `queries are compared with what they must give`() throws {
        func seen(_ claim: String, _ answer: String) throws -> [String] {
            let run = try HandMadeRun("- sql: SELECT count(*) FROM request\n  \(claim)")
            return run.failures(answer: answer).first?.seen ?? ["met"]
        }
        #expect(try seen("equals: 0", "0") == ["met"])
        #expect(try seen("equals: 0", "3") == ["the query gave 3"])
        #expect(try seen("equals: 1.5", "1.5") == ["met"])
        #expect(try seen("equals: tea", "'tea'") == ["met"])
        #expect(try seen("equals: ~", "NULL") == ["met"])
        #expect(try seen("equals: 0", "NULL") == ["the query gave NULL"])
        #expect(try seen("at-least: 2\n  at-most: 4", "4") == ["met"])
        #expect(try seen("at-most: 4", "5") == ["the query gave 5"])
        #expect(try seen("at-most: 4", "'tea'") == ["the query gave tea"])
        #expect(
            try seen("equals: 0", "nowhere").first?.hasPrefix(
                "the query could not be asked: no such column: nowhere"
            ) == true
        )
    }

    @Test func `failures come in the order of the file, with places and names`() throws {
        var run = try HandMadeRun(
            "- name: first\n  never: {traffic: shoppers, status: 500}\n- always: {traffic: shoppers, status: 200}"
        )
        run.request(at: 1, 500)
        let failures = run.failures()
        #expect(failures.map(\.name) == ["first", nil])
        #expect(failures.map(\.place.line) == [11, 13])
        #expect(
            failures.map(\.expected) == [
                "no request of shoppers: status 500", "every request of shoppers: status 200",
            ]
        )
        #expect(failures.map(\.firstWrong) == [.seconds(1), .seconds(1)])
    }
}

struct ServerEvaluatorTests {
    @Test func `the zone that sees the fewest healthy servers counts`() throws {
        var run = try HandMadeRun("- always: {servers: {healthy: {at-least: 2}}}\n  from: 10s")
        for zone in ["h", "i"] {
            run.health("10.0.0.1:80", "Healthy", at: 1, zone: zone)
            run.health("10.0.0.2:80", "Healthy", at: 2, zone: zone)
        }
        #expect(run.verdict() == ["met"])
        run.health("10.0.0.2:80", "Unhealthy", at: 20, zone: "i")
        #expect(run.verdict() == ["not so from +20.000s to the end: 1 healthy", "+20.000s"])
        run.health("10.0.0.2:80", "Removed", at: 20, zone: "i")
        #expect(run.verdict() == ["not so from +20.000s to the end: 1 healthy", "+20.000s"])
    }

    @Test func `without health checks it is said that nobody checks`() throws {
        let run = try HandMadeRun("- always: {servers: {healthy: {at-least: 1}}}")
        #expect(run.verdict().contains { $0.contains("healthcheck-enabled") }, "\(run.verdict())")
    }
}

struct CertificateEvaluatorTests {
    private let issuer: CertificateIssuer
    init() throws { issuer = try CertificateIssuer() }

    private func issue(_ names: [String], _ serial: UInt64, key: Int = 0) throws -> IssuedCertificate {
        try issuer.issue(
            dnsNames: names,
            notBefore: HandMadeRun.start,
            notAfter: HandMadeRun.start.advanced(by: .seconds(86_400)),
            serial: serial,
            leafKey: key
        )
    }

    private func secret(_ certificate: String, _ key: String) -> JSONValue {
        [
            "type": "kubernetes.io/tls",
            "data": ["tls.crt": .string(base64(certificate)), "tls.key": .string(base64(key))],
        ]
    }

    private func base64(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var output = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                output.append(place <= part.count ? letters[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return output
    }

    private func label(_ certificate: IssuedCertificate) throws -> String {
        try CertificateFacts.of(certificate.chain).label
    }

    @Test func `newest means the last one that was put into a Secret for the host`() throws {
        let (old, new) = (try issue(["cafe.example.com"], 10), try issue(["cafe.example.com"], 11))
        var run = try HandMadeRun(
            "- within: 30s\n  after: rotate-certificate\n  for: rest\n  traffic: {name: shoppers, certificate: newest}"
        )
        run.object("secrets", "cafe-tls", at: 0, secret(old.certificatePEM, old.privateKeyPEM))
        run.request(at: 5, certificate: try label(old))
        run.step(2, at: 10)
        run.object("secrets", "cafe-tls", at: 10, secret(new.certificatePEM, new.privateKeyPEM))
        run.request(at: 15, certificate: try label(old))
        #expect(
            run.verdict().first
                == "none of 1 request of shoppers was so: 1 × status 200, certificate cafe.example.com 0a"
        )
        run.request(at: 20, certificate: try label(new))
        #expect(run.verdict() == ["met"])
    }

    @Test func `a certificate that cannot be used is not the newest`() throws {
        let (old, new) = (try issue(["cafe.example.com"], 10), try issue(["cafe.example.com"], 11, key: 1))
        for broken in [
            secret("no PEM", old.privateKeyPEM), secret(new.certificatePEM, old.privateKeyPEM),
            secret(new.certificatePEM, ""),
            ["type": "Opaque"],
        ] {
            var run = try HandMadeRun("- always: {traffic: shoppers, certificate: newest}")
            run.object("secrets", "cafe-tls", at: 0, secret(old.certificatePEM, old.privateKeyPEM))
            run.object("secrets", "cafe-tls", at: 10, broken)
            run.request(at: 15, certificate: try label(old))
            #expect(run.verdict() == ["met"])
        }
    }

    @Test func `an exact name comes before a wildcard`() throws {
        let (exact, wildcard) = (try issue(["cafe.example.com"], 10), try issue(["*.example.com"], 11))
        var certificates = NewestCertificates()
        certificates.learn(secret: secret(exact.certificatePEM, exact.privateKeyPEM), at: Instant(seconds: 1))
        certificates.learn(
            secret: secret(wildcard.certificatePEM, wildcard.privateKeyPEM),
            at: Instant(seconds: 2)
        )
        #expect(certificates.label(for: "cafe.example.com", at: Instant(seconds: 3)) == (try label(exact)))
        #expect(certificates.label(for: "shop.example.com", at: Instant(seconds: 3)) == (try label(wildcard)))
        #expect(certificates.label(for: "shop.example.com", at: Instant(seconds: 1)) == nil)
        #expect(certificates.label(for: "a.b.example.com", at: Instant(seconds: 3)) == nil)
    }

    @Test(arguments: [
        ("0a", true), ("cafe.example.com", true), ("cafe.*", true), ("0b", false), ("* 0a", true),
    ])
    func `a certificate is named by its serial or its subject`(_ pattern: String, _ isMatch: Bool) {
        #expect(CertificatePattern.named(Glob(pattern)).matches("cafe.example.com 0a") { nil } == isMatch)
    }

    @Test func `a connection without certificate matches none`() {
        #expect(!CertificatePattern.newest.matches("") { "" })
        #expect(!CertificatePattern.named(Glob("*")).matches("") { nil })
    }
}
