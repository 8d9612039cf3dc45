// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Testing

@testable import IngressController

@Suite struct ListenerChoiceTests {
    private func choice(
        hosts: [String],
        tls: [JSONValue],
        _ annotations: [String: String] = [:],
        _ profile: Profile = .managed
    ) throws -> ListenerChoice {
        let ingress = Samples.ingress(
            "web",
            hosts.map { Samples.Path(host: $0) },
            annotations: annotations,
            tls: tls
        )
        return try ListenerChoice(IngressSpec(ingress, profile: profile))
    }

    private func tls(_ hosts: [String], secret: String = "s") -> JSONValue {
        ["hosts": .array(hosts.map { .string($0) }), "secretName": .string(secret)]
    }

    @Test func `without tls an Ingress listens on 80`() throws {
        #expect(try choice(hosts: ["a.com"], tls: []).ports.map(\.description) == ["80/HTTP"])
    }

    @Test func `with tls for every host it listens on 443 only`() throws {
        #expect(try choice(hosts: ["a.com"], tls: [tls(["a.com"])]).ports.map(\.description) == ["443/HTTPS"])
    }

    @Test func `with tls for some hosts it listens on both and splits the hosts`() throws {
        let choice = try choice(hosts: ["a.com", "b.com"], tls: [tls(["a.com"])])
        let http = ListenerPort(80, .http), https = ListenerPort(443, .https)
        #expect(choice.ports == [http, https])
        #expect(!choice.takes(host: "a.com", on: http))
        #expect(choice.takes(host: "a.com", on: https))
        #expect(choice.takes(host: "b.com", on: http))
        #expect(!choice.takes(host: "b.com", on: https))
        #expect(choice.takes(host: "", on: http) && choice.takes(host: "", on: https))
    }

    @Test func `a wildcard among the tls hosts covers hosts below it but for the defect`() throws {
        #expect(
            try choice(hosts: ["x.a.com"], tls: [tls(["*.a.com"])]).ports.map(\.description) == ["443/HTTPS"]
        )
        let oss = try choice(hosts: ["x.a.com"], tls: [tls(["*.a.com"])], [:], .oss)
        #expect(oss.ports.map(\.description) == ["80/HTTP", "443/HTTPS"])
        #expect(oss.takes(host: "x.a.com", on: ListenerPort(80, .http)))
        #expect(!oss.takes(host: "x.a.com", on: ListenerPort(443, .https)))
    }

    @Test func `tls without hosts means all hosts but for the defect`() throws {
        #expect(try choice(hosts: ["a.com"], tls: [tls([])]).ports.map(\.description) == ["443/HTTPS"])
        #expect(
            try choice(hosts: ["a.com"], tls: [tls([])], [:], .oss).ports.map(\.description) == ["80/HTTP"]
        )
    }

    @Test func `listen-ports send every host everywhere`() throws {
        let choice = try choice(
            hosts: ["a.com"],
            tls: [tls(["a.com"])],
            ["listen-ports": "[{\"HTTP\":80},{\"HTTPS\":8443}]"]
        )
        #expect(choice.ports.map(\.description) == ["80/HTTP", "8443/HTTPS"])
        #expect(choice.takes(host: "a.com", on: ListenerPort(80, .http)))
    }

    @Test func `ssl-redirect adds 80 and redirects there`() throws {
        let choice = try choice(hosts: ["a.com"], tls: [tls(["a.com"])], ["ssl-redirect": "true"])
        #expect(choice.ports.map(\.description) == ["80/HTTP", "443/HTTPS"])
        #expect(choice.redirects(on: ListenerPort(80, .http), .managed))
        #expect(!choice.redirects(on: ListenerPort(443, .https), .managed))
    }

    @Test func `HTTPS on another port is redirected by the defect only`() throws {
        let choice = try choice(
            hosts: ["a.com"],
            tls: [tls(["a.com"])],
            ["ssl-redirect": "true", "listen-ports": "[{\"HTTPS\":8443}]"]
        )
        #expect(!choice.redirects(on: ListenerPort(8443, .https), .managed))
        #expect(choice.redirects(on: ListenerPort(8443, .https), .oss))
        #expect(choice.redirectPort(.managed) == 8443)
        #expect(choice.redirectPort(.oss) == 443)
    }

    @Test(arguments: [
        ("alb", true, "default"), ("other", false, ""), ("", false, ""),
    ])
    func `the class field decides who an Ingress is for`(name: String, isOurs: Bool, group: String) {
        var ingress = Samples.ingress()
        ingress[path: "spec", "ingressClassName"] = name.isEmpty ? nil : .string(name)
        let membership = Membership.of(ingress, classes: ObjectSet([Samples.ingressClass]))
        #expect(membership == (isOurs ? .group(group) : .notOurs))
    }

    @Test func `the old annotation alb needs no class object`() {
        var ingress = Samples.ingress("web", annotations: ["kubernetes.io/ingress.class": "alb"])
        ingress[path: "spec", "ingressClassName"] = nil
        #expect(Membership.of(ingress, classes: ObjectSet([])) == .group("default"))
    }

    @Test func `an annotation names another AlbConfig`() {
        let ingress = Samples.ingress("web", annotations: ["albconfig.name": "second"])
        #expect(Membership.of(ingress, classes: ObjectSet([Samples.ingressClass])) == .group("second"))
    }

    @Test func `a class without parameters is told`() {
        var object = Samples.ingressClass
        object[path: "spec", "parameters"] = nil
        #expect(
            Membership.of(Samples.ingress(), classes: ObjectSet([object]))
                == .noAlbConfig(ingressClass: "alb")
        )
    }
}
