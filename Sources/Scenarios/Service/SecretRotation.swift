// SPDX-License-Identifier: Apache-2.0
import Certificates
import JSON
import KubernetesAPI
import Ports

/// Makes the certificates of a scenario: each new one has the next serial number.
struct SecretRotation: Sendable {
    private let issuer: CertificateIssuer
    private var nextSerial: UInt64 = 5001

    init() throws {
        issuer = try CertificateIssuer()
    }

    /// What clients trust.
    var root: CertificateChain { issuer.rootChain }

    /// A TLS Secret with a new certificate, in the place of one that is there.
    ///
    /// - Parameters:
    ///   - rotation: What the step says.
    ///   - present: The Secret as it is; nil when there is none.
    ///   - now: From when its validity counts; the certificate begins an hour earlier.
    /// - Returns: The Secret, and the certificate's serial number when it is a good one.
    /// - Throws: `SecretRotationError` when there are no names to take, `CertificateError` when they are unfit.
    mutating func secret(
        _ rotation: CertificateRotation,
        present: KubernetesObject?,
        at now: Instant
    ) throws -> (secret: KubernetesObject, serial: String?) {
        let hosts = try rotation.hosts ?? Self.hosts(of: present)
        let serial = nextSerial
        nextSerial += 1
        let validity = rotation.validity ?? .seconds(90 * 86_400)
        let begin = now.advanced(by: rotation.isExpired ? .zero - validity - .seconds(3600) : .seconds(-3600))
        let end = rotation.isExpired ? begin.advanced(by: validity) : now.advanced(by: validity)
        // A signature takes a millisecond: the certificate with the other key is made where it is wanted.
        func issue(leafKey: Int) throws(CertificateError) -> IssuedCertificate {
            try issuer.issue(
                dnsNames: hosts,
                notBefore: begin,
                notAfter: end,
                serial: serial,
                leafKey: leafKey
            )
        }
        let issued = try issue(leafKey: Int(serial % 2))
        var data: JSONObject = [
            "tls.crt": .string(Base64.encode(Array(issued.certificatePEM.utf8))),
            "tls.key": .string(Base64.encode(Array(issued.privateKeyPEM.utf8))),
        ]
        switch rotation.damage {
        case .malformed: data["tls.crt"] = .string(Base64.encode(Array("not a certificate\n".utf8)))
        case .keyMismatch:
            let other = try issue(leafKey: Int(serial % 2) + 1)
            data["tls.key"] = .string(Base64.encode(Array(other.privateKeyPEM.utf8)))
        case .missingKey: data["tls.key"] = ""
        case nil: break
        }
        let reference = rotation.secret
        var secret = KubernetesObject(
            .secrets,
            namespace: reference.namespace,
            name: reference.name,
            ["type": "kubernetes.io/tls", "data": .object(data)]
        )
        if let version = present?.resourceVersion {
            secret[path: "metadata", "resourceVersion"] = .string(version)
        }
        let isGood = rotation.damage == nil && !rotation.isExpired
        return (secret, isGood ? try CertificateFacts.of(issued.chain).serial : nil)
    }

    /// A new certificate for the certificate service, valid from an hour ago.
    mutating func issue(_ upload: CertificateUpload, at now: Instant) throws -> IssuedCertificate {
        let serial = nextSerial
        nextSerial += 1
        return try issuer.issue(
            dnsNames: upload.hosts,
            notBefore: now.advanced(by: .seconds(-3600)),
            notAfter: now.advanced(by: upload.validity ?? .seconds(90 * 86_400)),
            serial: serial,
            leafKey: Int(serial % 2)
        )
    }

    /// The names of the certificate that a Secret holds.
    static func hosts(of secret: KubernetesObject?) throws -> [String] {
        guard let text = secret?[path: "data", "tls.crt"]?.stringValue, let pem = try? Base64.decode(text)
        else {
            throw SecretRotationError()
        }
        let chain = try CertificateChain(pem: String(decoding: pem, as: UTF8.self))
        return try CertificateFacts.of(chain).dnsNames
    }
}

/// There is no certificate whose names a new one could take.
struct SecretRotationError: Error, CustomStringConvertible {
    var description: String {
        "the Secret holds no certificate whose names the new one could take; say them with `hosts`"
    }
}
