// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Which nodes may be servers.
///
/// - Source: the open-source controller's node filter; seen upstream.
struct NodeEligibility {
    /// The annotations of the Service that narrow the choice.
    let annotations: [String: String]

    private static let family = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
    private static let excluded = [
        "service.beta.kubernetes.io/exclude-node", "service.alibabacloud.com/exclude-node",
    ]
    private static let masters = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"]

    /// True for a node that may be a server.
    func admits(_ node: KubernetesObject) -> Bool {
        let labels = node.labels
        if Self.masters.contains(where: { labels[$0] != nil }) { return false }
        if Self.excluded.contains(where: { labels[$0] != nil }) { return false }
        if let filter = annotations[Self.family + "backend-label"], !Self.matches(filter, labels) {
            return false
        }
        let spec = node["spec"]
        if annotations[Self.family + "remove-unscheduled-backend"] == "on",
            spec?["unschedulable"]?.boolValue ?? false
        {
            return false
        }
        let taints = spec?["taints"]?.arrayValue ?? []
        if taints.contains(where: { $0["key"]?.stringValue == "ToBeDeletedByClusterAutoscaler" }) {
            return false
        }
        guard !(node["status", "conditions"]?.arrayValue ?? []).isEmpty else { return false }
        return node.isTrue("Ready")
    }

    /// The address by which the cloud knows a node.
    static func internalIP(_ node: KubernetesObject) -> String? {
        (node["status", "addresses"]?.arrayValue ?? [])
            .first { $0["type"]?.stringValue == "InternalIP" }?["address"]?.stringValue
    }

    private static func matches(_ filter: String, _ labels: [String: String]) -> Bool {
        AnnotationForm.parts(filter).allSatisfy { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return halves.count == 2 && labels[String(halves[0])] == String(halves[1])
        }
    }
}
