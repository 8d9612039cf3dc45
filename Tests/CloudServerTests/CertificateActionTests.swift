// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import JSON
import Ports
import Testing

@testable import CloudServer

@Suite struct CertificateActionTests {
    private static let version = "2020-06-19"
    private static let start = Instant(seconds: 1_767_225_600)

    private static func issue(
        _ names: [String],
        days: Int = 90,
        serial: UInt64 = 5,
        leafKey: Int = 0
    ) throws -> IssuedCertificate {
        try CertificateIssuer().issue(
            dnsNames: names,
            notBefore: start.advanced(by: .seconds(-86_400)),
            notAfter: start.advanced(by: .seconds(days * 86_400)),
            serial: serial,
            leafKey: leafKey
        )
    }

    private static func upload(
        _ name: String,
        _ certificate: String,
        _ key: String,
        _ world: CloudWorld
    ) async -> Answer {
        await world.call(
            "CreateSSLCertificateWithName",
            ["CertName": .string(name), "Certificate": .string(certificate), "PrivateKey": .string(key)],
            version: version
        )
    }

    @Test func `facts come from the certificate itself`() throws {
        try CloudWorld.run { world in
            let issued = try Self.issue(["shop.example.com", "*.shop.example.com"])
            let id = await Self.upload("shop", issued.certificatePEM, issued.privateKeyPEM, world).body.text(
                "CertIdentifier"
            )
            #expect(id.hasSuffix("-cn-hangzhou"))
            let list = await world.must(
                "DescribeSSLCertificateList",
                ["ShowSize": 50, "CurrentPage": 1],
                version: Self.version
            )
            #expect(list["PageCount"] == 1 && list["TotalCount"] == 1)
            let row = list.objects("CertMetaList")[0]
            #expect(row["CommonName"] == "shop.example.com")
            #expect(row["Sans"] == "shop.example.com,*.shop.example.com")
            #expect(row["Algorithm"] == "RSA" && row["CertName"] == "shop")
            #expect(row["AfterDate"] == .integer(Self.start.advanced(by: .seconds(90 * 86_400)).milliseconds))
            let detail = await world.must(
                "DescribeSSLCertificatePublicKeyDetail",
                ["CertIdentifier": .string(id)],
                version: Self.version
            )
            #expect(detail.object("CertificateInfo").text("CertIdentifier") == id)
        }
    }

    @Test func `broken, expired and mismatched pairs are refused`() throws {
        try CloudWorld.run { world in
            let good = try Self.issue(["a.example.com"])
            let other = try Self.issue(["b.example.com"], leafKey: 1)
            let old = try Self.issue(["c.example.com"], days: 0)
            try await world.host.clock.sleep(for: .seconds(60))
            #expect(
                await Self.upload("x1", "nonsense", good.privateKeyPEM, world).code == "InvalidCertificate"
            )
            #expect(
                await Self.upload("x2", good.certificatePEM, "nonsense", world).code == "InvalidPrivateKey"
            )
            #expect(
                await Self.upload("x3", good.certificatePEM, other.privateKeyPEM, world).code
                    == "CertificateKeyNotMatch"
            )
            #expect(
                await Self.upload("x4", old.certificatePEM, old.privateKeyPEM, world).code
                    == "CertificateExpired"
            )
            #expect(await Self.upload("x5", good.certificatePEM, good.privateKeyPEM, world).status == 200)
            #expect(
                await Self.upload("x5", good.certificatePEM, good.privateKeyPEM, world).code == "NameRepeat"
            )
        }
    }

    @Test func `an HTTPS listener serves its default certificate, additional ones, and a new default`() throws
    {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            var ids: [String] = []
            for (place, name) in ["a.example.com", "b.example.com", "c.example.com"].enumerated() {
                let issued = try Self.issue([name], serial: UInt64(place + 1))
                ids.append(
                    await Self.upload(name, issued.certificatePEM, issued.privateKeyPEM, world).body.text(
                        "CertIdentifier"
                    )
                )
            }
            let bare = await world.call(
                "CreateListener",
                [
                    "LoadBalancerId": .string(lb), "ListenerProtocol": "HTTPS", "ListenerPort": 443,
                    "DefaultActions": [
                        [
                            "Type": "ForwardGroup",
                            "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(group)]]],
                        ]
                    ],
                ]
            )
            #expect(bare.code == "InvalidParameter")
            let listener = await world.makeListener(
                lb,
                group,
                port: 443,
                ["ListenerProtocol": "HTTPS", "Certificates": [["CertificateId": .string(ids[0])]]]
            )
            let certificates = { (id: String) -> JSONObject in
                ["ListenerId": .string(listener), "Certificates": [["CertificateId": .string(id)]]]
            }
            _ = await world.must("AssociateAdditionalCertificatesWithListener", certificates(ids[1]))
            #expect(
                await world.call("AssociateAdditionalCertificatesWithListener", certificates(ids[1])).code
                    == "ResourceAlreadyAssociated.Certificate"
            )
            #expect(
                await world.call("DissociateAdditionalCertificatesFromListener", certificates(ids[0])).code
                    == "OperationDenied.DefaultCertificateUsed"
            )
            #expect(
                await world.call("DissociateAdditionalCertificatesFromListener", certificates(ids[2])).code
                    == "ResourceNotAssociated.Certificate"
            )
            _ = await world.must("UpdateListenerAttribute", certificates(ids[2]))
            let rows = await world.must("ListListenerCertificates", ["ListenerId": .string(listener)])
                .objects("Certificates")
            #expect(rows.filter { $0["IsDefault"] == true }.map { $0.text("CertificateId") } == [ids[2]])
            #expect(Set(rows.map { $0.text("CertificateId") }) == [ids[1], ids[2]])
            try await world.host.clock.sleep(for: .seconds(1))
            let served = try #require(world.sink.newest("cn-hangzhou-h")?.listeners.first)
            #expect(Set(served.certificates.map(\.id)) == [ids[1], ids[2]])
            #expect(served.certificates.filter(\.isDefault).map(\.id) == [ids[2]])
            #expect(served.securityPolicy?.id == "tls_cipher_policy_1_0")
            #expect(served.isHTTP2Enabled)
        }
    }

    @Test func `a deleted certificate stays with the listeners that use it`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let issued = try Self.issue(["a.example.com"])
            let id = await Self.upload("a", issued.certificatePEM, issued.privateKeyPEM, world).body.text(
                "CertIdentifier"
            )
            let listener = await world.makeListener(
                lb,
                group,
                port: 443,
                ["ListenerProtocol": "HTTPS", "Certificates": [["CertificateId": .string(id)]]]
            )
            _ = await world.must(
                "DeleteSSLCertificate",
                ["CertIdentifier": .string(id)],
                version: Self.version
            )
            #expect(await world.must("DescribeSSLCertificateList", version: Self.version)["TotalCount"] == 0)
            _ = await world.must(
                "UpdateListenerAttribute",
                ["ListenerId": .string(listener), "IdleTimeout": 20]
            )
            try await world.host.clock.sleep(for: .seconds(1))
            #expect(world.sink.newest("cn-hangzhou-h")?.listeners[0].certificates.map(\.id) == [id])
        }
    }
}
