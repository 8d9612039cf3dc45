// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Testing

@testable import IngressController

/// Every row of the annotation table, with what it becomes in calls.
@Suite struct AnnotationEffectTests {
    /// A value of a key, what else must be written for it to count, and what the plan then says.
    private struct Effect {
        var name: AnnotationName
        var value: String
        var besides: [String: String] = [:]
        var shows: String
    }

    private static let checked = ["healthcheck-enabled": "true"]
    private static let sticky = ["sticky-session": "true"]
    private static let crossing = ["enable-cors": "true"]
    private static let canaried = ["canary": "true"]

    /// In the order of the table.
    private static let effects: [Effect] = [
        Effect(name: .listenPorts, value: #"[{"HTTP": 8080}]"#, shows: #""rule-8080-"#),
        Effect(
            name: .sslRedirect,
            value: "true",
            besides: ["listen-ports": #"[{"HTTP": 80}, {"HTTPS": 443}]"#],
            shows: #""HttpCode":"308""#
        ),
        Effect(name: .rewriteTarget, value: "/new/${1}", shows: #""Path":"/new/${1}""#),
        Effect(name: .useRegex, value: "true", shows: #""~*/p""#),
        Effect(name: .backendProtocol, value: "https", shows: #""Protocol":"HTTPS""#),
        Effect(name: .backendScheduler, value: "wlc", shows: #""Scheduler":"Wlc""#),
        Effect(
            name: .backendSchedulerUchValue,
            value: "user",
            besides: ["backend-scheduler": "uch"],
            shows: #""UchConfig":{"Type":"QueryString","Value":"user"}"#
        ),
        Effect(name: .stickySession, value: "true", shows: #""StickySessionType":"Insert""#),
        Effect(
            name: .stickySessionType,
            value: "Server",
            besides: sticky.merging(["cookie": "id"]) { $1 },
            shows: #""StickySessionType":"Server""#
        ),
        Effect(name: .cookieTimeout, value: "77", besides: sticky, shows: #""CookieTimeout":77"#),
        Effect(
            name: .cookie,
            value: "id",
            besides: sticky.merging(["sticky-session-type": "Server"]) { $1 },
            shows: #""Cookie":"id""#
        ),
        Effect(name: .healthCheckEnabled, value: "true", shows: #""HealthCheckEnabled":true"#),
        Effect(name: .healthCheckPath, value: "/up", besides: checked, shows: #""HealthCheckPath":"/up""#),
        Effect(name: .healthCheckProtocol, value: "TCP", besides: checked, shows: #"Protocol":"TCP""#),
        Effect(name: .healthCheckMethod, value: "GET", besides: checked, shows: #"Method":"GET""#),
        Effect(
            name: .healthCheckHTTPCode,
            value: "http_2xx,http_3xx",
            besides: checked,
            shows: #"["http_2xx","http_3xx"]"#
        ),
        Effect(
            name: .healthCheckCode,
            value: "http_4xx",
            besides: checked.merging(["healthcheck-httpcode": "http_3xx"]) { $1 },
            shows: #""HealthCheckCodes":["http_4xx"]"#
        ),
        Effect(
            name: .healthCheckHTTPVersion,
            value: "HTTP1.0",
            besides: checked,
            shows: #""HealthCheckHttpVersion":"HTTP1.0""#
        ),
        Effect(name: .healthCheckTimeout, value: "9", besides: checked, shows: #"CheckTimeout":9"#),
        Effect(name: .healthCheckInterval, value: "7", besides: checked, shows: #"CheckInterval":7"#),
        Effect(name: .healthyThreshold, value: "8", besides: checked, shows: #""HealthyThreshold":8"#),
        Effect(name: .unhealthyThreshold, value: "6", besides: checked, shows: #""UnhealthyThreshold":6"#),
        Effect(name: .healthCheckConnectPort, value: "81", besides: checked, shows: #"ConnectPort":81"#),
        Effect(
            name: .canaryByHeader,
            value: "X-New",
            besides: canaried.merging(["canary-by-header-value": "v2"]) { $1 },
            shows: #""HeaderConfig":{"Key":"X-New","Values":["v2"]}"#
        ),
        Effect(
            name: .canaryByHeaderValue,
            value: "v3",
            besides: canaried.merging(["canary-by-header": "X-New"]) { $1 },
            shows: #"["v3"]"#
        ),
        Effect(
            name: .canaryByCookie,
            value: "beta",
            besides: canaried,
            shows: #"{"Key":"beta","Value":"always"}"#
        ),
        Effect(name: .canaryWeight, value: "23", besides: canaried, shows: #""Weight":23"#),
        Effect(name: .canary, value: "true", besides: ["canary-weight": "31"], shows: #""Weight":31"#),
        Effect(name: .trafficLimitQPS, value: "12", shows: #""QPS":12"#),
        Effect(name: .trafficLimitIPQPS, value: "11", shows: #""PerIpQps":11"#),
        Effect(name: .enableCORS, value: "true", shows: #""AllowCredentials":"on""#),
        Effect(
            name: .corsAllowOrigin,
            value: "http://a.test",
            besides: crossing,
            shows: #""AllowOrigin":["http://a.test"]"#
        ),
        Effect(name: .corsAllowMethods, value: "PUT", besides: crossing, shows: #"Methods":["PUT"]"#),
        Effect(name: .corsAllowHeaders, value: "X-A", besides: crossing, shows: #"AllowHeaders":["X-A"]"#),
        Effect(name: .corsExposeHeaders, value: "X-B", besides: crossing, shows: #"ExposeHeaders":["X-B"]"#),
        Effect(name: .corsAllowCredentials, value: "false", besides: crossing, shows: #"Credentials":"off""#),
        Effect(name: .corsMaxAge, value: "99", besides: crossing, shows: #""MaxAge":99"#),
        Effect(name: .serverGroupType, value: "Ip", shows: #""ServerGroupType":"Ip""#),
        Effect(name: .serverGroupResourceGroup, value: "rg-1", shows: #""ResourceGroupId":"rg-1""#),
        Effect(name: .crossZoneEnabled, value: "false", shows: #""CrossZoneEnabled":false"#),
        Effect(name: .connectionDrainEnabled, value: "true", shows: #""ConnectionDrainEnabled":true"#),
        Effect(
            name: .connectionDrainTimeout,
            value: "44",
            besides: ["connection-drain-enabled": "true"],
            shows: #""ConnectionDrainTimeout":44"#
        ),
        Effect(name: .slowStartEnabled, value: "true", shows: #""SlowStartEnabled":true"#),
        Effect(
            name: .slowStartDuration,
            value: "55",
            besides: ["slow-start-enabled": "true"],
            shows: #""SlowStartDuration":55"#
        ),
    ]

    private func calls(_ annotations: [String: String]) -> (text: String, told: [String]) {
        let path = Samples.Path(host: "a.com", path: "/p")
        let result = Samples.build(
            [
                Samples.ingress("prod", [path]), Samples.ingress("web", [path], annotations: annotations),
                Samples.service(),
            ],
            albConfig: Samples.albConfig(
                Samples.bothListeners + [["port": 8080, "protocol": "HTTP"]],
                config: [:]
            ),
            certificates: [CertificateRecord(id: "1", name: "one", hosts: ["a.com"])]
        )
        var planner = Planner(profile: .managed, region: "cn-hangzhou")
        planner.zones = [LoadBalancer.Zone(vSwitch: "vsw-1", zone: "z", allocation: "", eipType: "")]
        var state = CloudState()
        state.certificates = [CertificateRecord(id: "1", name: "one", hosts: ["a.com"])]
        return (planner.plan(result.stack, state).text, Samples.messages(result))
    }

    @Test func `every row of the table has its effect, and has none when it is not written`() {
        for effect in Self.effects {
            var annotations = effect.besides
            let without = calls(annotations)
            annotations[effect.name.rawValue] = effect.value
            let with = calls(annotations)
            #expect(with.text.contains(effect.shows), "\(effect.name): \(with.told)")
            #expect(!without.text.contains(effect.shows), "\(effect.name) without it")
            #expect(with.told.isEmpty, "\(effect.name): \(with.told)")
        }
        // Connections to pods are kept unless the annotation says no.
        let kept = #""UpstreamKeepaliveEnabled":true"#
        #expect(calls([:]).text.contains(kept))
        #expect(calls([AnnotationName.backendKeepalive.rawValue: "false"]).text.occurrences(of: kept) == 1)
        // These say where an Ingress belongs and stands; tests of their own are about them.
        let others: Set<AnnotationName> = [.albConfigName, .albConfigOrder, .order, .backendKeepalive]
        let missing = Set(AnnotationName.allCases).subtracting(Self.effects.map(\.name)).subtracting(others)
        #expect(missing.isEmpty, "\(missing.map(\.rawValue).sorted())")
    }

    @Test func `the order decides who stands first, and the AlbConfig's own key before the other`() {
        func first(_ annotations: [String: String]) -> String? {
            let result = Samples.build([
                Samples.ingress("a", [.init(host: "a.com")]),
                Samples.ingress("b", [.init(host: "b.com")], annotations: annotations), Samples.service(),
            ])
            return Samples.rules(result).first?.owner.name
        }
        #expect(first([:]) == "a")
        #expect(first(["order": "1"]) == "b")
        #expect(first(["albconfig.order": "1"]) == "b")
        #expect(first(["albconfig.order": "20", "order": "1"]) == "a")
    }

    @Test func `actions, conditions and directions of a Service have their effect`() {
        let cases = [
            (
                ["conditions.tea": #"[{"type":"Method","methodConfig":{"values":["GET"]}}]"#],
                #""MethodConfig":{"Values":["GET"]}"#
            ),
            (
                [
                    "actions.tea":
                        #"[{"type":"InsertHeader","InsertHeaderConfig":{"key":"X-A","value":"1","valueType":"UserDefined"}}]"#
                ], #""InsertHeaderConfig":{"Key":"X-A""#
            ),
            (
                ["actions.tea": #"[{"type":"RemoveHeader","RemoveHeaderConfig":{"key":"X-B"}}]"#],
                #""RemoveHeaderConfig":{"Key":"X-B"}"#
            ),
            (
                [
                    "actions.tea":
                        #"[{"type":"TrafficMirror","TrafficMirrorConfig":{"targetType":"ForwardGroupMirror","mirrorGroupConfig":{"serverGroupTuples":[{"serverGroupID":"sgp-9"}]}}}]"#
                ], #""ServerGroupId":"sgp-9""#
            ),
        ]
        for (annotations, shown) in cases {
            let with = calls(annotations)
            #expect(with.text.contains(shown), "\(annotations): \(with.told)")
            #expect(with.told.isEmpty)
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
