// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

extension CloudServer {
    /// Lets something go wrong from now on, or from when the fault says.
    @discardableResult
    public func inject(_ fault: CloudFault) -> CloudFaultID {
        host.trace.record(.note(Note(topic: "fault", message: fault.description)))
        return state.withLock { $0.faults.add(fault) }
    }

    /// Ends a fault.
    public func lift(_ fault: CloudFaultID) {
        state.withLock { $0.faults.remove(fault) }
    }

    /// Ends all faults: quotas, transitions, propagation and signatures are as the account was opened with, and it
    /// owes nothing.
    public func liftAll() {
        state.withLock { state in
            state.faults.removeAll()
            state.propagation = initial.propagation
            state.batching = initial.batching
            state.account.account.quotas = initial.quotas
            state.account.account.transitions = initial.transitions
            state.account.account.signatures = initial.signatures
        }
        setArrears(false)
    }

    /// Changes how long configurations take to zones from now on.
    ///
    /// - Parameters:
    ///   - delay: How long each takes; nil leaves it as it is.
    ///   - batching: Zones take them at multiples of this only, zero for any time; nil leaves it as it is.
    public func setPropagation(_ delay: DelayDistribution?, batching: Duration? = nil) {
        state.withLock { state in
            if let delay { state.propagation = delay }
            if let batching { state.batching = batching }
        }
    }

    /// Changes some of what the account may hold from now on.
    public func changeQuotas(_ body: (inout CloudQuotas) -> Void) {
        state.withLock { body(&$0.account.account.quotas) }
    }

    /// Changes how long some transitions that begin from now on take.
    public func changeTransitions(_ body: (inout TransitionTimes) -> Void) {
        state.withLock { body(&$0.account.account.transitions) }
    }

    /// Changes what the account may hold from now on.
    public func setQuotas(_ quotas: CloudQuotas) {
        state.withLock { $0.account.account.quotas = quotas }
    }

    /// Changes how long transitions that begin from now on take.
    public func setTransitions(_ transitions: TransitionTimes) {
        state.withLock { $0.account.account.transitions = transitions }
    }

    /// Changes what happens to wrong signatures from now on.
    public func setSignatures(_ mode: CloudAccount.SignatureMode) {
        state.withLock { $0.account.account.signatures = mode }
    }

    /// Stops and locks the account's load balancers because it owes money, or lets them go on.
    public func setArrears(_ isInArrears: Bool) {
        change(isInArrears ? "the account owes money" : "the account owes nothing") { account in
            guard account.account.isInArrears != isInArrears else { return false }
            account.setArrears(isInArrears)
            return true
        }
    }

    /// Lets a certificate of the certificate service run out: from now on its listeners show one for the same
    /// names that has expired.
    ///
    /// - Parameter id: The certificate's id, or its name in the service.
    /// - Returns: False when there is no such certificate.
    @discardableResult
    public func expireCertificate(_ id: String) -> Bool {
        let now = host.clock.now
        return change("the certificate \(id) has expired") { $0.expireCertificate(id, now: now) }
    }

    /// Changes the account behind everybody's back; false when there was nothing to change.
    @discardableResult
    private func change(_ what: String, _ body: (AccountState) -> Bool) -> Bool {
        state.withLock { state in
            guard body(state.account) else { return false }
            let cause = host.trace.record(.note(Note(topic: "fault", message: what)))
            if commit(state.account, []) == nil { send(&state, cause: cause) }
            return true
        }
    }
}
