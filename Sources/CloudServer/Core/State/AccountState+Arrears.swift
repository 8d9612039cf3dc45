// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// Refuses changes of a load balancer that is locked because of a debt.
    func checkBusiness(of loadBalancer: Resource) throws(CloudRefusal) {
        if loadBalancer.document.text("LoadBalancerBussinessStatus") == "Abnormal" {
            throw CloudRefusal(
                "IncorrectBusinessStatus.LoadBalancer",
                "The load balancer is locked because the account owes money."
            )
        }
    }

    /// Stops the account's load balancers because it owes money, or lets them go on.
    ///
    /// Their listeners forward nothing meanwhile, and calls that would change them are refused.
    ///
    /// - Source: the lock, the states and the refusal are documented; that it takes hold of all load balancers at
    ///   once is assumed.
    func setArrears(_ isInArrears: Bool) {
        account.isInArrears = isInArrears
        let (from, to) = isInArrears ? ("Active", "Inactive") : ("Inactive", "Active")
        let lock: JSONValue? = [["LockType": "FinancialLocked", "LockReason": "financial"]]
        for loadBalancer in store.all(.loadBalancer) {
            let isLocked = loadBalancer.document.text("LoadBalancerBussinessStatus") == "Abnormal"
            guard isLocked != isInArrears else { continue }
            store.update(.loadBalancer, loadBalancer.id) { resource in
                resource.document["LoadBalancerBussinessStatus"] = isInArrears ? "Abnormal" : "Normal"
                resource.document["LoadBalancerOperationLocks"] = isInArrears ? lock : nil
                if resource.status == from { resource.status = to }
            }
            // What is under way ends in the state that goes with the lock.
            for work in works.values.sorted(by: { $0.serial < $1.serial }) {
                for place in work.targets.indices
                where work.targets[place].key == loadBalancer.key && work.targets[place].after == from {
                    works[work.id]?.targets[place] = Work.Target(key: loadBalancer.key, after: to)
                    if let document = works[work.id]?.document {
                        store.update(.work, work.id) { $0.document = document }
                    }
                }
            }
            publish(loadBalancer.id, cause: isInArrears ? "Arrears" : "Payment")
        }
    }
}
