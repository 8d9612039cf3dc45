// SPDX-License-Identifier: Apache-2.0
import CloudServer
import Ports
import Worlds

extension StepPerformer {
    /// Changes the cloud's account.
    func change(_ edit: AccountEdit) -> String {
        let cloud = world.cloud
        var done: [String] = []
        if !edit.quotas.isEmpty {
            cloud.changeQuotas { quotas in for quota in edit.quotas { quotas.set(quota.name, quota.limit) } }
            done += edit.quotas.map { "\($0.name) to \($0.limit)" }
        }
        if !edit.transitions.isEmpty {
            cloud.changeTransitions { times in for transition in edit.transitions { times.set(transition) } }
            done += edit.transitions.map { "transitions of \($0.name)" }
        }
        if edit.propagation != nil || edit.batching != nil {
            cloud.setPropagation(edit.propagation.map { .triangular($0) }, batching: edit.batching)
            done.append("propagation")
        }
        if let isInArrears = edit.isInArrears {
            cloud.setArrears(isInArrears)
            done.append(isInArrears ? "a debt" : "no debt")
        }
        return done.joined(separator: ", ")
    }

    /// Lets a certificate of the certificate service run out.
    func expireCertificate(_ name: String) throws -> String {
        guard world.cloud.expireCertificate(name) else {
            throw StepFailure(message: "the certificate service has no certificate \(name)")
        }
        return name
    }
}

extension TransitionTimes {
    /// Sets a time by the name that scenarios use.
    mutating func set(_ transition: CloudSpec.Transition) {
        let mode: TransitionMode =
            transition.time.upperBound == .zero ? .immediate : .after(.triangular(transition.time))
        if transition.name == "all" {
            self = TransitionTimes(usual: mode)
        } else {
            exceptions[transition.name] = mode
        }
    }
}
