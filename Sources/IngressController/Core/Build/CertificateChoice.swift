// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// Chooses the certificates of one listener with TLS.
///
/// - Source: the product's pages on certificates; documented. Secrets come first there; in the open-source
///   controller those that the AlbConfig lists do.
struct CertificateChoice {
    let albConfig: String
    let spec: ListenerSpec
    let users: [Contribution]
    /// What the certificate service lists; nil while it cannot be asked.
    let known: [CertificateRecord]?
    let objects: any ObjectSource
    let context: BuildContext
    private(set) var problems: [Problem] = []
    private(set) var uploads: [SecretCertificate] = []
    private(set) var isDefaultExplicit = false
    /// When something about the end of a certificate is to be told next.
    private(set) var nextLook: Instant?

    init(
        albConfig: String,
        spec: ListenerSpec,
        users: [Contribution],
        known: [CertificateRecord]?,
        objects: any ObjectSource,
        context: BuildContext
    ) {
        self.albConfig = albConfig
        self.spec = spec
        self.users = users
        self.known = known
        self.objects = objects
        self.context = context
    }

    /// The certificates, the preferred default first; nil while they cannot be known.
    mutating func run() -> [WantedCertificate]? {
        guard known != nil else { return nil }
        let fixed = spec.certificates.map { WantedCertificate.existing(id: $0) }
        var secrets = fromSecrets()
        let discovered = fixed.isEmpty ? discover().map { WantedCertificate.existing(id: $0) } : []
        if let first = explicitDefault() { secrets.insert(first, at: 0) }
        let isManaged = context.profile.kind == .managed
        let all = isManaged ? secrets + fixed + discovered : fixed + discovered + secrets
        var unique: [WantedCertificate] = []
        for certificate in all where !unique.contains(certificate) { unique.append(certificate) }
        if isManaged { for certificate in unique { tellEnd(of: certificate) } }
        return unique
    }

    /// A month before a certificate ends its users are told, and again when it has ended.
    private mutating func tellEnd(of certificate: WantedCertificate) {
        let record = (known ?? []).first { record in
            switch certificate {
            case .existing(let id): record.id == id
            case .upload(let name, _): record.name == name
            case .present: false
            }
        }
        guard let record, let end = record.notAfter else { return }
        let notice = end.advanced(by: .zero - Self.notice)
        let what = "certificate \(record.name.isEmpty ? record.id : record.name) of listener \(spec.port)"
        if context.now >= end {
            tell(certificate, "\(what) has ended at \(end.rfc3339)")
        } else if context.now >= notice {
            tell(certificate, "\(what) ends at \(end.rfc3339)")
            nextLook = min(nextLook ?? end, end)
        } else {
            nextLook = min(nextLook ?? notice, notice)
        }
    }

    private static let notice = Duration.seconds(30 * 86_400)

    private mutating func tell(_ certificate: WantedCertificate, _ message: String) {
        problems.append(Problem(.albConfig(albConfig), .none, message))
        for user in users where user.certificates.secrets.contains(where: { $0.secret == certificate.secret })
        {
            problems.append(Problem(.ingress(user.ingress), .none, message))
        }
    }

    private mutating func explicitDefault() -> WantedCertificate? {
        switch spec.defaultCertificate {
        case nil: return nil
        case .existing(let id):
            isDefaultExplicit = true
            return .existing(id: id)
        case .secret(let key):
            isDefaultExplicit = true
            return upload(key)
        }
    }

    /// The upload of a Secret that the AlbConfig itself names.
    private mutating func upload(_ key: ObjectKey) -> WantedCertificate {
        do throws(BuildError) {
            guard let secret = objects.object(.secrets, key) else {
                throw BuildError("Secret \(key) does not exist")
            }
            let (certificate, privateKey) = try PEMCheck.read(secret)
            let name = ResourceNames.certificate(
                namespace: key.namespace,
                secret: key.name,
                cluster: context.cluster,
                certificate: certificate,
                privateKey: privateKey
            )
            uploads.append(
                SecretCertificate(
                    secret: key,
                    name: name,
                    certificate: certificate,
                    privateKey: privateKey,
                    owners: []
                )
            )
            return .upload(name: name, secret: key)
        } catch {
            problems.append(
                Problem(
                    .albConfig(albConfig),
                    .none,
                    "default certificate of listener \(spec.port): \(error.message)"
                )
            )
            return .present(secret: key)
        }
    }

    private mutating func fromSecrets() -> [WantedCertificate] {
        var wanted: [WantedCertificate] = []
        for user in users {
            for certificate in user.certificates.secrets {
                uploads.append(certificate)
                wanted.append(.upload(name: certificate.name, secret: certificate.secret))
            }
            wanted += user.certificates.unusable.map { .present(secret: $0) }
        }
        return wanted
    }

    private mutating func discover() -> [String] {
        var found: Set<String> = []
        for user in users {
            for host in user.certificates.missing(listens: user.listens, profile: context.profile) {
                let matches = CertificateDiscovery.matches(host, in: known ?? [], context: context)
                if matches.isEmpty {
                    problems.append(
                        Problem(
                            .ingress(user.ingress),
                            context.profile.has(.certificateProblemFreezesHTTP) ? .stopsGroup : .none,
                            "no certificate for host \(host): expected a Secret in tls, or one of that name in the"
                                + " certificate service",
                            isTemporary: true
                        )
                    )
                }
                found.formUnion(matches)
            }
        }
        return found.sorted()
    }
}
