// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

@Suite struct CertificateTests {
    private let tea = Samples.service("tea")
    private let https = ListenerPort(443, .https)

    private func ingress(
        _ name: String = "web",
        host: String = "a.com",
        secret: String? = nil
    ) -> KubernetesObject {
        Samples.ingress(
            name,
            [.init(host: host)],
            tls: [["hosts": [.string(host)], "secretName": secret.map { .string($0) } ?? .null]]
        )
    }

    private func certificates(_ result: GroupBuild.Result) -> [WantedCertificate] {
        result.stack.listeners.first { $0.port == https }?.certificates ?? []
    }

    private func name(_ secret: KubernetesObject) throws -> String {
        let (certificate, key) = try PEMCheck.read(secret)
        return ResourceNames.certificate(
            namespace: "shop",
            secret: secret.name,
            cluster: "c1",
            certificate: certificate,
            privateKey: key
        )
    }

    private func build(
        _ objects: [KubernetesObject],
        listener: JSONValue = ["port": 443, "protocol": "HTTPS"],
        _ records: [CertificateRecord] = [],
        context: BuildContext = Samples.context
    ) -> GroupBuild.Result {
        Samples.build(
            objects + [tea],
            albConfig: Samples.albConfig([listener]),
            context: context,
            certificates: records
        )
    }

    @Test func `a Secret is uploaded under a name that depends on its content`() throws {
        let secret = Samples.secret()
        let result = build([ingress(secret: "cafe-tls"), secret])
        #expect(result.stack.certificates.map(\.name) == [try name(secret)])
        #expect(try name(secret) != name(Samples.secret(certificate: "CCCC")))
        #expect(try name(secret).hasPrefix("shop-cafe-tls-"))
        #expect(ResourceNames.isUpload(try name(secret), stem: "shop-cafe-tls-"))
    }

    @Test func `Secrets go before certificates that the AlbConfig lists`() throws {
        let secret = Samples.secret()
        let listener: JSONValue = [
            "port": 443, "protocol": "HTTPS",
            "certificates": [["IsDefault": true, "CertificateId": "7-cn-hangzhou"]],
        ]
        let expected = WantedCertificate.upload(
            name: try name(secret),
            secret: ObjectKey(namespace: "shop", name: "cafe-tls")
        )
        #expect(
            certificates(build([ingress(secret: "cafe-tls"), secret], listener: listener))
                == [expected, .existing(id: "7-cn-hangzhou")]
        )
        var context = Samples.context
        context.profile = .oss
        #expect(
            certificates(build([ingress(secret: "cafe-tls"), secret], listener: listener, context: context))
                == [.existing(id: "7-cn-hangzhou"), expected]
        )
    }

    @Test func `a host without a Secret gets every certificate of its name or wildcard`() {
        let records = [
            CertificateRecord(id: "3", name: "c", hosts: ["*.com"]),
            CertificateRecord(id: "1", name: "a", hosts: ["x.com", "A.com"]),
            CertificateRecord(id: "2", name: "b", hosts: ["b.com"]),
        ]
        #expect(certificates(build([ingress()], records)) == [.existing(id: "1"), .existing(id: "3")])
    }

    @Test func `a wildcard stands for one label only`() {
        #expect(TLSHosts.covers("*.a.com", "x.a.com"))
        #expect(!TLSHosts.covers("*.a.com", "y.x.a.com"))
        #expect(!TLSHosts.covers("*.a.com", "a.com"))
        #expect(TLSHosts.covers("*.a.com", "*.a.com"))
    }

    @Test func `a certificate that is over is used only when there is no other`() {
        var context = Samples.context
        context.now = Instant(seconds: 1000)
        let old = CertificateRecord(id: "1", name: "old", hosts: ["a.com"], notAfter: Instant(seconds: 999))
        let new = CertificateRecord(id: "2", name: "new", hosts: ["a.com"], notAfter: Instant(seconds: 2000))
        #expect(certificates(build([ingress()], [old, new], context: context)) == [.existing(id: "2")])
        #expect(certificates(build([ingress()], [old], context: context)) == [.existing(id: "1")])
        context.profile = .oss
        #expect(
            certificates(build([ingress()], [old, new], context: context))
                == [.existing(id: "1"), .existing(id: "2")]
        )
    }

    @Test func `a host that no certificate is for is named, and other hosts go on`() throws {
        let records = [CertificateRecord(id: "1", name: "a", hosts: ["a.com"])]
        let result = build([ingress(), ingress("other", host: "b.com")], records)
        #expect(try #require(Samples.messages(result, "other").first).contains("b.com"))
        #expect(certificates(result) == [.existing(id: "1")])
        #expect(Samples.rules(result, https).count == 2)
    }

    @Test func `certificates of the AlbConfig switch discovery off`() {
        let listener: JSONValue = [
            "port": 443, "protocol": "HTTPS", "certificates": [["CertificateId": "7-cn-hangzhou"]],
        ]
        let records = [CertificateRecord(id: "1", name: "a", hosts: ["a.com"])]
        #expect(
            certificates(build([ingress()], listener: listener, records)) == [.existing(id: "7-cn-hangzhou")]
        )
    }

    static let brokenSecrets: [JSONValue] = [
        [:], ["tls.crt": "QUJD"], ["tls.crt": "", "tls.key": ""], ["tls.crt": "!!", "tls.key": "!!"],
        ["tls.crt": "QUJD", "tls.key": "QUJD"],
    ]

    @Test(arguments: brokenSecrets)
    func `a Secret of no use is told and what is shown stays`(data: JSONValue) throws {
        var secret = Samples.secret()
        secret["data"] = data
        let result = build([ingress(secret: "cafe-tls"), secret])
        #expect(certificates(result) == [.present(secret: secret.key)])
        #expect(result.stack.certificates.isEmpty)
        let message = try #require(Samples.messages(result).first)
        #expect(message.contains("shop/cafe-tls") && message.contains("stays"))
        #expect(Samples.rules(result, https).count == 1)
    }

    @Test func `a missing Secret does not stop the rules, but does with the defect`() {
        #expect(Samples.rules(build([ingress(secret: "none")]), https).count == 1)
        var context = Samples.context
        context.profile = .oss
        #expect(build([ingress(secret: "none")], context: context).isFrozen)
    }

    @Test func `an upload that was refused counts as a Secret of no use`() throws {
        let secret = Samples.secret()
        var context = Samples.context
        context.refusedUploads = [try name(secret): "InvalidParameter: key and certificate differ"]
        let result = build([ingress(secret: "cafe-tls"), secret], context: context)
        #expect(certificates(result) == [.present(secret: secret.key)])
        #expect(try #require(Samples.messages(result).first).contains("key and certificate differ"))
    }

    // MARK: What a listener shows

    private let secret = ObjectKey(namespace: "shop", name: "tls")

    private func choose(
        wanted: [WantedCertificate],
        present: [(String, Bool)],
        names: [String: String] = [:],
        isExplicit: Bool = false
    ) -> ListenerCertificatePlanner.Choice {
        ListenerCertificatePlanner(
            records: names.keys.sorted().map { CertificateRecord(id: $0, name: names[$0] ?? "", hosts: []) },
            present: present.map { CloudCertificate(id: $0.0, isDefault: $0.1) },
            wanted: wanted,
            isDefaultExplicit: isExplicit
        ).choose()
    }

    @Test func `a new default takes the place of the old one in one call`() {
        let choice = choose(
            wanted: [.upload(name: "shop-tls-bbbbbb", secret: secret)],
            present: [("1", true)],
            names: ["1": "shop-tls-aaaaaa", "2": "shop-tls-bbbbbb"]
        )
        #expect(choice.newDefault == "2")
        #expect(choice.additions.isEmpty && choice.removals.isEmpty && choice.promoted.isEmpty)
    }

    @Test func `additional ones are associated before others are dissociated`() {
        let choice = choose(
            wanted: [.existing(id: "1"), .existing(id: "3")],
            present: [("1", true), ("2", false)]
        )
        #expect(choice.additions == ["3"])
        #expect(choice.removals == ["2"])
        #expect(choice.newDefault == nil)
    }

    @Test func `the default stays while it is wanted`() {
        let choice = choose(
            wanted: [.existing(id: "2"), .existing(id: "1")],
            present: [("1", true), ("2", false)]
        )
        #expect(choice == .init(result: [.init(id: "1", isDefault: true), .init(id: "2", isDefault: false)]))
    }

    @Test func `the successor of the default is another version of the same Secret`() {
        let other = ObjectKey(namespace: "shop", name: "other")
        let choice = choose(
            wanted: [
                .upload(name: "shop-other-cccccc", secret: other),
                .upload(name: "shop-tls-bbbbbb", secret: secret),
            ],
            present: [("1", true), ("3", false)],
            names: ["1": "shop-tls-aaaaaa", "2": "shop-tls-bbbbbb", "3": "shop-other-cccccc"]
        )
        #expect(choice.newDefault == "2")
        #expect(choice.promoted.isEmpty && choice.removals.isEmpty)
    }

    @Test func `no additional certificate is taken away to become the default`() {
        let choice = choose(wanted: [.existing(id: "2")], present: [("1", true), ("2", false)])
        #expect(choice.newDefault == nil)
        #expect(choice.removals.isEmpty)
        #expect(choice.result.map(\.id) == ["1", "2"])
    }

    @Test func `an explicit default is set even so`() {
        let choice = choose(
            wanted: [.existing(id: "2"), .existing(id: "1")],
            present: [("1", true), ("2", false)],
            isExplicit: true
        )
        #expect(choice.promoted == ["2"])
        #expect(choice.newDefault == "2")
        #expect(choice.demoted == ["1"])
    }

    @Test func `what is shown of a broken Secret stays`() {
        let choice = choose(
            wanted: [.present(secret: secret)],
            present: [("1", true), ("9", false)],
            names: ["1": "shop-tls-aaaaaa"]
        )
        #expect(choice.newDefault == nil)
        #expect(choice.result == [.init(id: "1", isDefault: true)])
        #expect(choice.removals == ["9"])
    }
}
