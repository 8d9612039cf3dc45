// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

/// What a wrong Ingress does to itself and to the others of its group.
@Suite struct NeighbourTests {
    private static let wrongValues = [
        "", "ten", "-7", "1.5", "TRUE", "yes", "[]", "{", "http_9xx", "ü", "99999999",
    ]

    /// Every key with values that its form refuses, on an Ingress on which the key matters.
    private static func wrongs() -> [(key: String, value: String, flag: AnnotationName?)] {
        AnnotationTable.rows.flatMap { row in
            wrongValues.filter { !AnnotationForm.trimmed($0).isEmpty && row.form.mistake($0) != nil }
                .map { (row.name.key, $0, row.enabledBy) }
        }
    }

    private func build(_ annotations: [String: String], _ profile: Profile) -> GroupBuild.Result {
        var context = Samples.context
        context.profile = profile
        return Samples.build(
            [
                Samples.ingress("good", [.init(host: "good.com")]),
                Samples.ingress("web", [.init(host: "bad.com")], annotations: annotations),
                Samples.service(),
            ],
            context: context
        )
    }

    @Test func `a wrong value is told once, with key and value, and nothing else is harmed`() {
        let wrongs = Self.wrongs()
        #expect(wrongs.count > 200)
        for (key, value, flag) in wrongs {
            var annotations = [key: value]
            if let flag { annotations[flag.key] = "true" }
            let result = build(annotations, .managed)
            let told = Samples.messages(result).filter { $0.contains(key) && $0.contains(value) }
            #expect(told.count == 1, "\(key)=\(value): \(Samples.messages(result))")
            #expect(Samples.messages(result, "good").isEmpty)
            #expect(Samples.rules(result).contains { $0.owner.name == "good" })
            #expect(!result.isFrozen)
        }
    }

    @Test func `what keeps one Ingress from being built stops all upstream`() {
        let fatal = [
            ["order": "1001"], ["backend-scheduler": "uch"], ["listen-ports": "[{\"FTP\":1}]"],
            ["conditions.tea": "[{\"type\":\"No\"}]"], ["traffic-limit-qps": "0"],
            ["rule-direction.tea": "Sideways"],
        ]
        for annotations in fatal {
            #expect(build(annotations, .oss).isFrozen, "\(annotations)")
            let managed = build(annotations, .managed)
            #expect(!managed.isFrozen)
            #expect(Samples.rules(managed).map(\.owner.name) == ["good"])
            #expect(Samples.messages(managed).count == 1)
        }
        let only = Profile(.managed, defects: [.oneIngressFreezesGroup])
        #expect(build(["order": "1001"], only).isFrozen)
    }

    @Test func `a thousand spoilt Secrets harm nobody but their users`() {
        var random = RandomStream(seed: 7)
        let parts = ["", "AAAA", "-----BEGIN CERTIFICATE-----", "%%%", "null", "\u{0}"]
        for _ in 0..<1000 {
            var secret = Samples.secret()
            let key = random.chance(0.5) ? "tls.crt" : "tls.key"
            let text = parts[Int(random.next() % UInt64(parts.count))]
            secret[path: "data", key] =
                random.chance(0.2)
                ? nil : .string(random.chance(0.5) ? text : Base64.encode(Array(text.utf8)))
            let result = Samples.build(
                [
                    Samples.ingress("good", [.init(host: "good.com")]),
                    Samples.ingress(
                        "web",
                        [.init(host: "bad.com")],
                        tls: [["hosts": ["bad.com"], "secretName": "cafe-tls"]]
                    ),
                    Samples.service(), secret,
                ],
                albConfig: Samples.albConfig(Samples.bothListeners)
            )
            #expect(Samples.messages(result).count == 1)
            #expect(Samples.messages(result).first?.contains("cafe-tls") ?? false)
            #expect(Samples.rules(result).map(\.owner.name) == ["good"])
        }
    }

    /// Values of every kind, and the kinds that they are of.
    private static let kinds: [(value: JSONValue, kinds: Set<String>)] = [
        (["x"], ["list"]), (["k": "v"], ["mapping"]), (true, ["flag"]), ("ten", ["text"]),
        (-1, ["text", "number"]), (99_999_999, ["text", "number"]), ("TCP", ["text"]), ("White", ["text"]),
    ]

    /// Fields of a listener with the kind of value that they take; of those with words no word here is one.
    private static let fields: [(path: [String], kind: String)] = [
        (["gzipEnabled"], "flag"), (["http2Enabled"], "flag"), (["caEnabled"], "flag"),
        (["description"], "text"), (["securityPolicyId"], "text"), (["protocol"], "word"),
        (["port"], "range"), (["requestTimeout"], "range"), (["idleTimeout"], "range"),
        (["certificates"], "mappings"), (["caCertificates"], "mappings"), (["quicConfig"], "mapping"),
        (["quicConfig", "quicUpgradeEnabled"], "flag"), (["aclConfig", "aclType"], "word"),
        (["aclConfig", "aclEntries"], "texts"), (["logConfig"], "mapping"),
        (["logConfig", "accessLogTracingConfig", "tracingEnabled"], "flag"),
        (["xForwardedForConfig", "XForwardedForEnabled"], "flag"),
        (["xForwardedForConfig", "XForwardedForClientCertIssuerDNAlias"], "text"),
    ]

    @Test func `a thousand spoilt AlbConfigs are told of once each, and the other listeners go on`() {
        var seen = 0
        for field in Self.fields {
            for (value, kinds) in Self.kinds {
                let isRight =
                    switch field.kind {
                    case "mappings": false
                    case "texts": kinds.contains("list")
                    case "word": value == "White" && field.path.last == "aclType"
                    case "range": false
                    default: kinds.contains(field.kind)
                    }
                if isRight { continue }
                for place in 0..<8 {
                    var spoilt: JSONValue = [
                        "port": 8080, "protocol": "HTTPS", "certificates": [["CertificateId": "1"]],
                    ]
                    spoilt.set(field.path, value)
                    var listeners: [JSONValue] = [["port": 80, "protocol": "HTTP"]]
                    listeners.insert(spoilt, at: min(place, 1))
                    for extra in 0..<place {
                        listeners.append(["port": .integer(Int64(9000 + extra)), "protocol": "HTTP"])
                    }
                    let result = Samples.build(
                        [Samples.ingress("good", [.init(host: "good.com")]), Samples.service()],
                        albConfig: Samples.albConfig(listeners)
                    )
                    let name = field.path.last ?? ""
                    // A listener without certificates cannot be made: that is told beside the mistake.
                    let told = result.problems.filter { $0.subject == .albConfig("default") }.map(\.message)
                        .filter { name != "certificates" || !$0.contains("has no certificate") }
                    #expect(told.count == 1, "\(field.path) \(value.text): \(told)")
                    #expect(told.first?.contains(name) ?? false, "\(field.path) \(value.text): \(told)")
                    #expect(Samples.rules(result).map(\.owner.name) == ["good"])
                    seen += 1
                }
            }
        }
        #expect(seen >= 1000)
    }

    @Test func `certificates that end are told of a month before and when they have ended`() {
        let end = Instant(seconds: 100 * 86_400)
        func build(_ day: Int64) -> GroupBuild.Result {
            var context = Samples.context
            context.now = Instant(seconds: day * 86_400)
            return Samples.build(
                [
                    Samples.ingress("web", [.init(host: "a.com")], tls: [["hosts": ["a.com"]]]),
                    Samples.service(),
                ],
                albConfig: Samples.albConfig(Samples.bothListeners),
                context: context,
                certificates: [CertificateRecord(id: "1", name: "one", hosts: ["a.com"], notAfter: end)]
            )
        }
        #expect(build(1).problems.isEmpty)
        #expect(build(1).nextLook == Instant(seconds: 70 * 86_400))
        #expect(build(80).problems.first?.message.contains("ends at") ?? false)
        #expect(build(80).nextLook == end)
        #expect(build(101).problems.first?.message.contains("has ended") ?? false)
        #expect(build(101).nextLook == nil)
    }

    @Test func `without the documented surprise the most specific rule goes first`() {
        var context = Samples.context
        context.profile = Profile(.managed, defects: [])
        let result = Samples.build(
            [
                Samples.ingress("a", [.init(host: "*.a.com"), .init(host: "x.a.com")]),
                Samples.ingress(
                    "b",
                    [.init(host: "x.a.com", path: "/api"), .init(host: "x.a.com", path: "/api/v1")]
                ),
                Samples.service(),
            ],
            context: context
        )
        let paths = Samples.rules(result).map { $0.conditions.map(\.summary).joined(separator: " ") }
        #expect(
            paths == [
                "host x.a.com path /api/v1|/api/v1/*", "host x.a.com path /api|/api/*",
                "host x.a.com path /*", "host *.a.com path /*",
            ]
        )
    }
}
