// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI
import Synchronization

/// What befalls the processes in pods' containers.
extension KubernetesCluster {
    /// Lets the process in containers crash; they are started again as their policy says.
    ///
    /// - Parameters:
    ///   - namespace: The pods' namespace; empty for all.
    ///   - selector: Which pods.
    ///   - container: Which container; all without.
    ///   - code: The exit code.
    /// - Returns: How many processes crashed.
    @discardableResult
    public func crash(
        namespace: String,
        selector: LabelSelector,
        container: String? = nil,
        code: Int = 1
    ) -> Int {
        kubelets.reduce(0) { count, kubelet in
            count
                + kubelet.crash(
                    { (namespace.isEmpty || $0.namespace == namespace) && selector.matches($0.labels) },
                    container: container,
                    code: code
                )
        }
    }

    /// Lets the process in one pod's containers crash.
    ///
    /// - Returns: How many processes crashed.
    @discardableResult
    public func crash(pod: ObjectKey, container: String? = nil, code: Int = 1) -> Int {
        kubelets.reduce(0) { $0 + $1.crash({ $0.key == pod }, container: container, code: code) }
    }

    /// Changes the scripts of pods, of those that run and those that come: `["hang": true]`.
    ///
    /// - Returns: A number to take the change back with.
    /// - Throws: `PodScriptError` when the members are no script.
    @discardableResult
    public func changeScripts(
        namespace: String,
        selector: LabelSelector,
        _ members: JSONObject
    ) throws(PodScriptError) -> Int {
        _ = try PodScript(.object(members))
        let id = scripts.add(ScriptChange(namespace: namespace, selector: selector, members: members))
        for kubelet in kubelets { _ = kubelet.rereadScripts() }
        return id
    }

    /// Takes a change of scripts back.
    public func restoreScripts(_ change: Int) {
        scripts.remove(change)
        for kubelet in kubelets { _ = kubelet.rereadScripts() }
    }

    private var kubelets: [Kubelet] {
        state.withLock { state in pool.nodes.compactMap { state.nodes[$0.name]?.kubelet } }
    }
}
