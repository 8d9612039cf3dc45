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

    /// Ends all faults, and configurations take as long to zones as the account says.
    public func liftAll() {
        state.withLock { state in
            state.faults.removeAll()
            state.propagation = state.account.account.propagation
            state.batching = state.account.account.batching
        }
    }

    /// Changes how long configurations take to zones from now on.
    ///
    /// - Parameters:
    ///   - delay: How long each takes.
    ///   - batching: Zones take them at multiples of this only; zero for any time.
    public func setPropagation(_ delay: DelayDistribution, batching: Duration = .zero) {
        state.withLock { state in
            state.propagation = delay
            state.batching = batching
        }
    }

    /// Changes what the account may hold from now on.
    public func setQuotas(_ quotas: CloudQuotas) {
        state.withLock { $0.account.account.quotas = quotas }
    }

    /// Changes how long transitions that begin from now on take.
    public func setTransitions(_ transitions: TransitionTimes) {
        state.withLock { $0.account.account.transitions = transitions }
    }
}
