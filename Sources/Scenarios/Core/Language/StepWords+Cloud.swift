// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

extension StepWord {
    static let console: StepWord = {
        let action = Field(
            "action",
            .text("an action", example: "DeleteListener"),
            "The action that is called."
        ).required
        let product = Field(
            "product",
            .choice(CloudProduct.allCases.map(\.rawValue)),
            "The product that it belongs to; `Alb` without it."
        )
        let parameters = Field(
            "parameters",
            .object,
            "Its parameters; texts may hold references: \(CloudReference.summary)."
        )
        let save = Field(
            "save",
            Reader<[Named<String>]>.map(of: .text("a path", example: "LoadBalancerId")),
            "Names for members of the answer, which later steps write as `$(saved NAME)`."
        )
        let mayFail = Field(
            "may-fail",
            .boolean,
            "True when a refusal may come; without it a refusal ends the scenario as broken."
        )
        let managed = Field(
            "managed",
            .boolean,
            "True when what a managed controller owns refuses the edit."
        )
        let fields = [
            AnyField(action), AnyField(product), AnyField(parameters), AnyField(save), AnyField(mayFail),
            AnyField(managed),
        ]
        let record = Record<StepAction>("console", fields: fields) { members in
            guard let name = members[action] else { return nil }
            members.decoding.checkAction(Glob(name), at: members.valueMark("action"))
            let parameters = members[parameters] ?? .object([:])
            for mistake in CloudReference.mistakes(in: parameters) {
                members.mistake("parameters", mistake, "references: \(CloudReference.summary)")
            }
            return .console(
                ConsoleCall(
                    action: name,
                    product: members[product] ?? CloudProduct.alb.rawValue,
                    parameters: parameters,
                    saved: (members[save] ?? []).map {
                        ConsoleCall.SavedMember(name: $0.name, path: $0.value)
                    },
                    mayFail: members[mayFail] ?? false,
                    respectsManagement: members[managed] ?? false
                )
            )
        }
        return StepWord(
            "console",
            "Calls the cloud as somebody at its console would, past the controller and without faults.",
            example: "console: {action: DeleteListener, parameters: {ListenerId: $(listener 443)}}",
            record.reader
        )
    }()

    static let uploadCertificate: StepWord = {
        let name = Field(
            "name",
            .text("a name", example: "cafe-2026"),
            "Its name in the certificate service."
        )
        .required
        let hosts = Field(
            "hosts",
            Reader<[String]>.oneOrMany(of: .text("a host name", example: "cafe.example.com")),
            "The names in the certificate."
        ).required
        let validity = Field("valid-for", .positiveDuration, "How long it is valid; 90 days without it.")
        let fields = [AnyField(name), AnyField(hosts), AnyField(validity)]
        let record = Record<StepAction>("upload-certificate", fields: fields) { members in
            guard let title = members[name], let names = members[hosts] else { return nil }
            return .uploadCertificate(
                CertificateUpload(name: title, hosts: names, validity: members[validity])
            )
        }
        return StepWord(
            "upload-certificate",
            "Puts a certificate into the cloud's certificate service, where controllers find it by its names.",
            example: "upload-certificate: {name: cafe-2026, hosts: cafe.example.com}",
            record.reader
        )
    }()
}
