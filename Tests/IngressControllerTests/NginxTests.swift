// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Testing

@testable import IngressController

/// Annotations of the NGINX controller on an Ingress of ours.
@Suite struct NginxTests {
    private func build(
        _ annotations: [String: String],
        path: Samples.Path = .init(host: "a.com", path: "/"),
        profile: Profile = .managed
    ) -> GroupBuild.Result {
        let keyed = annotations.map { (AnnotationName.twinPrefix + $0.key, $0.value) }
        var context = Samples.context
        context.profile = profile
        let ingress = Samples.ingress(
            "web",
            [path],
            annotations: Dictionary(keyed, uniquingKeysWith: { first, _ in first })
        )
        return Samples.build([ingress, Samples.service()], context: context)
    }

    private func actions(_ result: GroupBuild.Result) -> [[RuleAction]] {
        Samples.rules(result).map(\.actions)
    }

    @Test func `what maps takes effect`() {
        let limited = build(["limit-rps": "10", "enable-cors": "true", "cors-max-age": "1728000"])
        #expect(actions(limited).first?.first == .trafficLimit(qps: nil, perIPQPS: 10))
        #expect(Samples.messages(limited).isEmpty)
        if case .cors(let cors) = actions(limited)[0][1] { #expect(cors.maxAge == 172_800) }
        let scheduled = build(["load-balance": "least_conn", "backend-protocol": "HTTPS"])
        let attributes = scheduled.stack.serverGroups.first { !$0.isListenerDefault }?.attributes
        #expect(attributes?["Scheduler"] == "Wlc")
        #expect(attributes?["Protocol"] == "HTTPS")
        let hashed = build(["upstream-hash-by": "$arg_user"])
        #expect(
            hashed.stack.serverGroups.contains { $0.attributes["UchConfig"]?["Value"] == "user" }
        )
    }

    @Test func `rewrites become patterns of the load balancer`() {
        let result = build(
            ["rewrite-target": "/$1/x", "use-regex": "true"],
            path: .init(host: "a.com", path: "/api/(.*)")
        )
        #expect(actions(result)[0][0] == .rewrite(host: "${host}", path: "/${1}/x", query: "${query}"))
        #expect(Samples.rules(result)[0].conditions.contains(.path(["~*/api/(.*)"])))
        #expect(!Samples.messages(build(["rewrite-target": "/$host"])).isEmpty)
    }

    @Test func `redirects replace the Service`() {
        let result = build(["permanent-redirect": "https://b.com/new"])
        #expect(
            actions(result) == [
                [
                    .redirect(
                        RedirectTarget(scheme: "HTTPS", host: "b.com", port: "443", path: "/new", status: 301)
                    )
                ]
            ]
        )
        #expect(result.stack.serverGroups.allSatisfy { $0.isListenerDefault })
        let root = build(["app-root": "/start"])
        #expect(actions(root).count == 2)
        #expect(Samples.rules(root)[0].conditions.contains(.path(["/"])))
        let www = build(["from-to-www-redirect": "true"])
        #expect(Samples.rules(www)[0].conditions.contains(.host(["www.a.com"])))
    }

    @Test func `sources are let in or kept out`() {
        let allowed = build(["whitelist-source-range": "10.0.0.0/8, 192.168.0.0/16"])
        #expect(Samples.rules(allowed)[0].conditions.contains(.sourceIP(["10.0.0.0/8", "192.168.0.0/16"])))
        #expect(
            actions(allowed)[1] == [
                .fixedResponse(status: 403, contentType: "text/plain", content: "Forbidden")
            ]
        )
        let denied = build(["denylist-source-range": "10.0.0.0/8"])
        #expect(actions(denied)[0].map(\.typeName) == ["FixedResponse"])
        #expect(
            Samples.rules(build(["server-alias": "b.com,c.com"]))[0].conditions.contains(
                .host(["a.com", "b.com", "c.com"])
            )
        )
    }

    @Test func `header fields of a snippet are set, and other directives are told`() {
        let snippet = """
            # of the old cluster
            more_set_headers "X-Frame-Options: DENY" 'X-Two: a;b';
            add_header X-Three three always;
            proxy_hide_header Server;
            proxy_set_header X-Tenant blue;
            proxy_set_header X-Host $host; rewrite ^/a /b;
            """
        let result = build(["configuration-snippet": snippet])
        let rules = Samples.rules(result)
        #expect(rules.map(\.direction) == [.request, .response])
        #expect(
            rules[0].actions.first
                == .insertHeader(key: "X-Tenant", value: "blue", valueType: "UserDefined")
        )
        #expect(
            rules[1].actions == [
                .insertHeader(key: "X-Frame-Options", value: "DENY", valueType: "UserDefined"),
                .insertHeader(key: "X-Two", value: "a;b", valueType: "UserDefined"),
                .insertHeader(key: "X-Three", value: "three", valueType: "UserDefined"),
                .removeHeader(key: "Server"),
            ]
        )
        let told = Samples.messages(result)
        #expect(told.count == 2)
        #expect(told.contains { $0.contains("proxy_set_header does nothing") })
        #expect(told.contains { $0.contains("rewrite does nothing") })
        #expect(Samples.rules(build(["configuration-snippet": snippet], profile: .oss)).count == 1)
    }

    @Test func `what does not map is told and does nothing else`() {
        for (key, value) in [
            ("configuration-snippet", "return 200;"), ("auth-url", "http://x"), ("proxy-read-timeout", "5"),
            ("no-such-thing", "1"), ("load-balance", "ewma"), ("upstream-hash-by", "$host"),
            ("affinity", "ip"), ("limit-rps", "many"),
        ] {
            let result = build([key: value])
            #expect(Samples.messages(result).count == 1, "\(key)")
            #expect(Samples.messages(result).first?.contains(key) ?? false)
            #expect(
                actions(result) == [
                    [.forward([WeightedGroup(serverGroup: Samples.group("tea"))], stickySeconds: nil)]
                ]
            )
        }
        #expect(Samples.messages(build(["proxy-buffering": "on"])).isEmpty)
    }

    @Test func `the open-source controller reads canary keys and ssl-redirect only`() {
        let result = build(["limit-rps": "10"], profile: .oss)
        #expect(actions(result)[0].count == 1)
        #expect(Samples.messages(result).isEmpty)
    }

    @Test func `canary weights of another total become percent`() {
        let mapping = NginxMapping([
            "nginx.ingress.kubernetes.io/canary-weight": "50",
            "nginx.ingress.kubernetes.io/canary-weight-total": "1000",
        ])
        #expect(mapping.annotations["nginx.ingress.kubernetes.io/canary-weight"] == "5")
    }
}
