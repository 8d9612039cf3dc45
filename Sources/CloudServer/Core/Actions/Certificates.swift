// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import JSON
import Ports

extension AccountState {
    /// A stored certificate by the id that listeners use, or by its bare number.
    ///
    /// - Source: that bare numbers are taken too is assumed.
    func certificate(_ id: String) -> Resource? {
        store[.certificate, id] ?? store[.certificate, "\(id)-\(certificateRegion)"]
    }

    /// What a stored certificate shows in a handshake.
    static func chain(of certificate: Resource) -> CertificateChain? {
        try? CertificateChain(pem: certificate.hidden.text("Certificate"))
    }

    /// The end of certificate ids: one for the mainland's regions, one for the others.
    private var certificateRegion: String {
        account.region.hasPrefix("cn-") ? "cn-hangzhou" : "ap-southeast-1"
    }

    /// Checks and keeps a certificate with its key.
    ///
    /// - Source: that names are unique and broken pairs are refused is documented; the codes are assumed.
    private func keepCertificate(
        _ call: Call,
        name: String,
        pem: String,
        keyPEM: String
    ) throws(CloudRefusal) -> Resource {
        let chain: CertificateChain
        let facts: CertificateFacts
        do {
            chain = try CertificateChain(pem: pem)
            facts = try CertificateFacts.of(chain)
        } catch {
            throw CloudRefusal("InvalidCertificate", "The certificate can not be read: \(error).")
        }
        let key: PrivateKey
        do {
            key = try PrivateKey(pem: keyPEM)
        } catch {
            throw CloudRefusal("InvalidPrivateKey", "The private key can not be read: \(error).")
        }
        guard key.matches(chain) else {
            throw CloudRefusal("CertificateKeyNotMatch", "The private key is not that of the certificate.")
        }
        guard facts.notAfter > call.now else {
            throw CloudRefusal("CertificateExpired", "The certificate has expired.")
        }
        let isTaken = store.all(.certificate).contains {
            $0.status == "Uploaded" && $0.document.text("CertName") == name
        }
        if isTaken { throw CloudRefusal("NameRepeat", "A certificate has that name already.") }
        var id = ""
        repeat {
            id = String(10_000_000 + random.next() % 89_999_999) + "-" + certificateRegion
        } while store[.certificate, id] != nil
        mainResource = id
        return add(
            .certificate,
            id,
            status: "Uploaded",
            hidden: [
                "Certificate": .string(pem), "PrivateKey": .string(keyPEM),
                "Uploaded": .integer(call.now.milliseconds),
            ],
            Self.shown(facts, id: id, name: name)
        )
    }

    static func shown(_ facts: CertificateFacts, id: String, name: String) -> JSONObject {
        [
            "CertIdentifier": .string(id), "CertName": .string(name), "CommonName": .string(facts.commonName),
            "Sans": .string((facts.dnsNames + facts.ipAddresses).joined(separator: ",")),
            "BeforeDate": .integer(facts.notBefore.milliseconds),
            "AfterDate": .integer(facts.notAfter.milliseconds),
            "Algorithm": .string(facts.keyAlgorithm.rawValue), "KeySize": .integer(Int64(facts.keySize)),
            "SignAlgorithm": .string(facts.signatureAlgorithm), "Issuer": .string(facts.issuer),
            "SerialNo": .string(facts.serial), "Md5": .string(facts.md5), "Sha2": .string(facts.sha256),
            "DomainMatchCert": true,
        ]
    }

    private var uploaded: [Resource] { store.all(.certificate).filter { $0.status == "Uploaded" } }

    private func requireCertificate(_ id: String) throws(CloudRefusal) -> Resource {
        guard let found = certificate(id), found.status == "Uploaded" else {
            throw CloudRefusal("NotFound", "The specified certificate does not exist.")
        }
        mainResource = found.id
        return found
    }

    /// One that a listener uses stays with it, out of everybody's sight.
    private func discard(_ certificate: Resource) {
        if store.referrers(of: certificate.id).isEmpty {
            store.remove(.certificate, certificate.id)
        } else {
            store.update(.certificate, certificate.id) { $0.status = "Deleted" }
        }
    }

    // MARK: Version 2020-06-19, which the ingress controller uses

    func createSSLCertificate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let stored = try keepCertificate(
            call,
            name: call.text("CertName"),
            pem: call.text("Certificate"),
            keyPEM: call.text("PrivateKey")
        )
        return ["CertIdentifier": .string(stored.id)]
    }

    func describeSSLCertificateList(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let search = call.text("SearchValue").lowercased()
        let rows = uploaded.map(\.document).filter { row in
            search.isEmpty
                || ["CertName", "CommonName", "Sans"].contains { row.text($0).lowercased().contains(search) }
        }
        let size = min(max(call.parameters.number("ShowSize") ?? 50, 1), 10_000)
        let current = max(call.parameters.number("CurrentPage") ?? 1, 1)
        return [
            "CertMetaList": .array(rows.page(current, size: size).map { .object($0) }),
            "TotalCount": .integer(Int64(rows.count)), "CurrentPage": .integer(Int64(current)),
            "ShowSize": .integer(Int64(size)), "PageCount": .integer(Int64((rows.count + size - 1) / size)),
        ]
    }

    func describeSSLCertificateDetail(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let stored = try requireCertificate(call.text("CertIdentifier"))
        return [
            "CertificateInfo": .object(stored.document),
            "X509Certificate": stored.hidden["Certificate"] ?? "",
        ]
    }

    func deleteSSLCertificate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        discard(try requireCertificate(call.text("CertIdentifier")))
        return [:]
    }

    // MARK: Version 2020-04-07, which names certificates by number

    private static func number(_ certificate: Resource) -> JSONValue {
        .integer(certificate.id.split(separator: "-").first.flatMap { Int64($0) } ?? 0)
    }

    func uploadUserCertificate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let stored = try keepCertificate(
            call,
            name: call.text("Name"),
            pem: call.text("Cert"),
            keyPEM: call.text("Key")
        )
        return ["CertId": Self.number(stored), "ResourceId": .string(stored.id)]
    }

    func getUserCertificateDetail(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let stored = try requireCertificate(String(call.parameters.number("CertId") ?? 0))
        var answer = Self.order(stored, now: call.now).without(
            "CertificateId",
            "InstanceId",
            "OrderId",
            "Status",
            "Upload"
        )
        answer["Id"] = Self.number(stored)
        answer["CertIdentifier"] = .string(stored.id)
        answer["NotBefore"] = stored.document["BeforeDate"]
        answer["NotAfter"] = stored.document["AfterDate"]
        answer["Common"] = stored.document["CommonName"]
        answer["BuyInAliyun"] = false
        if !call.parameters.flag("CertFilter") {
            answer["Cert"] = stored.hidden["Certificate"]
            answer["Key"] = stored.hidden["PrivateKey"]
        }
        return answer
    }

    func deleteUserCertificate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        discard(try requireCertificate(String(call.parameters.number("CertId") ?? 0)))
        return [:]
    }

    /// Certificates that were uploaded; nothing is ever ordered here.
    func listUserCertificateOrder(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let keyword = call.text("Keyword").lowercased()
        let isAboutUploads = ["UPLOAD", "CERT"].contains(call.text("OrderType"))
        let rows = (isAboutUploads ? uploaded : []).filter { row in
            keyword.isEmpty
                || ["CertName", "CommonName", "Sans"].contains {
                    row.document.text($0).lowercased().contains(keyword)
                }
        }
        let size = min(max(call.parameters.number("ShowSize") ?? 50, 1), 10_000)
        let current = max(call.parameters.number("CurrentPage") ?? 1, 1)
        return [
            "CertificateOrderList": .array(
                rows.page(current, size: size).map { .object(Self.order($0, now: call.now)) }
            ),
            "TotalCount": .integer(Int64(rows.count)), "CurrentPage": .integer(Int64(current)),
            "ShowSize": .integer(Int64(size)),
        ]
    }

    func listCert(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let keyword = call.text("KeyWord").lowercased()
        let wanted = call.optionalText("Identifiers")?.split(separator: ",").map(String.init)
        let rows = uploaded.filter { row in
            (wanted?.contains(row.id) ?? true) && call.equals("CertType", "CERT")
                && call.equals("SourceType", "upload")
                && call.equals("Status", Self.isExpired(row, now: call.now) ? "EXPIRED" : "ISSUE")
                && (keyword.isEmpty
                    || ["CertName", "CommonName", "Sans"].contains {
                        row.document.text($0).lowercased().contains(keyword)
                    })
        }
        let size = min(max(call.parameters.number("ShowSize") ?? 50, 1), 10_000)
        let current = max(call.parameters.number("CurrentPage") ?? 1, 1)
        let shown = rows.page(current, size: size).map { row -> JSONValue in
            var item = row.document.keeping([
                "CommonName", "Sans", "Issuer", "SerialNo", "SignAlgorithm", "Algorithm", "BeforeDate",
                "AfterDate",
            ])
            item["Identifier"] = .string(row.id)
            item["CertType"] = "CERT"
            item["SourceType"] = "upload"
            item["ExistPrivateKey"] = true
            item["Status"] = Self.isExpired(row, now: call.now) ? "EXPIRED" : "ISSUE"
            return .object(item)
        }
        return [
            "CertList": .array(shown), "TotalCount": .integer(Int64(rows.count)),
            "CurrentPage": .integer(Int64(current)), "ShowSize": .integer(Int64(size)),
        ]
    }

    private static func isExpired(_ certificate: Resource, now: Instant) -> Bool {
        Int64(certificate.document.number("AfterDate") ?? 0) < now.milliseconds
    }

    private static func order(_ certificate: Resource, now: Instant) -> JSONObject {
        let document = certificate.document
        func date(_ key: String) -> JSONValue {
            .string(
                String(Instant(nanoseconds: Int64(document.number(key) ?? 0) * 1_000_000).rfc3339.prefix(10))
            )
        }
        let isExpired = isExpired(certificate, now: now)
        return [
            "CertificateId": number(certificate), "InstanceId": .string("cas-upload-\(certificate.id)"),
            "Name": document["CertName"] ?? "", "CommonName": document["CommonName"] ?? "",
            "Sans": document["Sans"] ?? "", "Issuer": document["Issuer"] ?? "",
            "SerialNo": document["SerialNo"] ?? "",
            "Sha2": document["Sha2"] ?? "", "Fingerprint": document["Md5"] ?? "",
            "Algorithm": document["Algorithm"] ?? "",
            "StartDate": date("BeforeDate"), "EndDate": date("AfterDate"), "Expired": .bool(isExpired),
            "Upload": true,
            "Status": isExpired ? "EXPIRED" : "ISSUED",
        ]
    }
}

extension Array {
    /// A page of so many items; pages count from 1.
    func page(_ number: Int, size: Int) -> ArraySlice<Element> {
        guard number >= 1, size >= 1 else { return [] }
        let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
        guard !overflow, start >= 0, start < count else { return [] }
        return self[start...].prefix(size)
    }
}
