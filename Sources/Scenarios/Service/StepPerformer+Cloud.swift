// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import Cluster
import JSON
import KubernetesAPI
import Ports
import Synchronization
import Worlds

extension StepPerformer {
    /// Calls the cloud for somebody at its console.
    func console(_ call: ConsoleCall) throws -> String {
        guard let product = CloudProduct(rawValue: call.product),
            let parameters = try directory.resolve(call.parameters).objectValue
        else { throw StepFailure(message: "there is no product \(call.product)") }
        let answer: JSONObject
        do throws(StepFailure) {
            answer = try directory.call(
                call.action,
                of: product,
                parameters,
                respectsManagement: call.respectsManagement
            )
        } catch {
            guard call.mayFail else { throw error }
            return error.message
        }
        for member in call.saved { try directory.save(member.name, member.path, of: answer) }
        return call.action
    }

    /// Puts a certificate into the certificate service.
    func upload(_ wanted: CertificateUpload) throws -> String {
        let now = clock.now
        let issued = try rotation.withLock { try $0.issue(wanted, at: now) }
        try directory.call(
            "CreateSSLCertificateWithName",
            of: .cas,
            [
                "CertName": .string(wanted.name), "Certificate": .string(issued.certificatePEM),
                "PrivateKey": .string(issued.privateKeyPEM),
            ]
        )
        return wanted.name
    }

    /// Gives pods another behaviour.
    func setScript(_ choice: PodChoice, _ script: PodScriptSpec) async throws -> String {
        let selector: LabelSelector
        let name: String
        switch choice.selection {
        case .selector(let wanted): (selector, name) = (wanted, "\(wanted)")
        case .deployment(let deployment), .name(let deployment):
            let object = try await world.client.get(
                .deployments,
                namespace: choice.namespace,
                name: deployment
            )
            (selector, name) = (
                LabelSelector(object: object[path: "spec", "selector"]) ?? LabelSelector(), deployment
            )
        }
        try world.cluster.changeScripts(namespace: choice.namespace, selector: selector, script.members)
        return name
    }
}
