// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Plans which certificates a listener shows, without a moment in which a host has none of its own.
struct ListenerCertificatePlanner {
    /// What must happen around the change of the listener's attributes.
    struct Choice: Equatable {
        /// To associate first.
        var additions: [String] = []
        /// To set as default by the attribute call; nil when it stays.
        var newDefault: String?
        /// To dissociate right before the attribute call, since a default must not be an additional one.
        var promoted: [String] = []
        /// To associate right after it: the former default, still wanted.
        var demoted: [String] = []
        /// To dissociate at the end.
        var removals: [String] = []
        /// True when the removals come before the attribute call.
        var removesFirst = false
        /// What the listener shows then.
        var result: [CloudCertificate] = []
    }

    let records: [CertificateRecord]
    let present: [CloudCertificate]
    let wanted: [WantedCertificate]
    let isDefaultExplicit: Bool
    var profile = Profile.managed

    /// The ids that are wanted, the preferred default first.
    func ids() -> [String] {
        var ids: [String] = []
        for certificate in wanted {
            for id in self.ids(of: certificate) where !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    func choose() -> Choice {
        let ids = ids()
        let current = present.first(where: \.isDefault)?.id
        let extras = present.filter { !$0.isDefault }.map(\.id)
        guard let chosen = chooseDefault(ids, current: current, extras: extras) else {
            return Choice(result: present)
        }
        var choice = Choice()
        let others = ids.filter { $0 != chosen }
        choice.removesFirst = profile.has(.defaultCertificateGap)
        choice.additions = others.filter { !extras.contains($0) && $0 != current }
        if chosen != current {
            choice.newDefault = chosen
            if extras.contains(chosen), !choice.removesFirst { choice.promoted = [chosen] }
            if let current, others.contains(current) { choice.demoted = [current] }
        }
        choice.removals = extras.filter { extra in
            !others.contains(extra) && (extra != chosen || choice.removesFirst && chosen != current)
        }
        choice.result =
            [CloudCertificate(id: chosen, isDefault: true)]
            + others.map { CloudCertificate(id: $0, isDefault: false) }
        return choice
    }

    /// The default stays while it is wanted; else its successor, best one that is not yet an additional one.
    ///
    /// When all that are wanted are additional ones already, the old default stays: making one of them the
    /// default would take it away for a moment, and the default matters to unknown names only.
    private func chooseDefault(_ ids: [String], current: String?, extras: [String]) -> String? {
        guard let first = ids.first else { return current }
        guard let current else { return first }
        if isDefaultExplicit { return first }
        if ids.contains(current) { return current }
        // Upstream takes the first whatever it is now: hosts of an additional one are without for a moment.
        if profile.has(.defaultCertificateGap) { return first }
        let name = record(current)?.name ?? ""
        let successor = wanted.first { certificate in
            guard case .upload(_, let secret) = certificate else { return false }
            let stem = ResourceNames.certificateStem(namespace: secret.namespace, secret: secret.name)
            return ResourceNames.isUpload(name, stem: stem)
        }
        if let successor, let id = self.ids(of: successor).first, !extras.contains(id) { return id }
        return ids.first { !extras.contains($0) } ?? current
    }

    private func ids(of certificate: WantedCertificate) -> [String] {
        switch certificate {
        case .existing(let id): return [id]
        case .upload(let name, _):
            return [records.first { $0.name == name }?.id ?? Reference.certificate(name).text]
        case .present(let secret):
            let stem = ResourceNames.certificateStem(namespace: secret.namespace, secret: secret.name)
            return present.map(\.id).filter { ResourceNames.isUpload(record($0)?.name ?? "", stem: stem) }
        }
    }

    private func record(_ id: String) -> CertificateRecord? { records.first { $0.id == id } }
}
