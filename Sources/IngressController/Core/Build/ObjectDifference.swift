// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Whether a change of an object matters to the controller.
enum ObjectDifference {
    /// Ingresses, IngressClasses and AlbConfigs: spec, annotations, deletion.
    static func inSpec(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        old["spec"] != new["spec"] || old.annotations != new.annotations
            || old.isTerminating != new.isTerminating
    }

    /// Secrets: their data.
    static func inData(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        old["data"] != new["data"]
    }

    /// Services: what rules need to know.
    static func inPorts(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        old["spec", "ports"] != new["spec", "ports"] || old["spec", "type"] != new["spec", "type"]
            || old.annotations != new.annotations
    }

    /// Nodes: what makes them servers.
    static func inServing(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        old.labels != new.labels || old["spec"] != new["spec"]
            || old["status", "addresses"] != new["status", "addresses"]
            || old.isTrue("Ready") != new.isTrue("Ready")
    }

    /// Pods with a readiness gate: what decides whether it may open.
    static func inReadiness(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        old.isTrue("ContainersReady") != new.isTrue("ContainersReady")
            || old.isTrue(ReadinessGate.condition) != new.isTrue(ReadinessGate.condition)
            || old["status", "podIP"] != new["status", "podIP"]
    }
}
