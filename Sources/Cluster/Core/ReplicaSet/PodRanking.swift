// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// The order in which a ReplicaSet gives pods up: those first that would be missed least.
///
/// - Source: upstream `ActivePodsWithRanks`, with ages compared by the logarithm; seen upstream.
struct PodRanking: Sendable {
    let now: Instant
    /// How many pods of the same set run on each node: crowded nodes lose pods first.
    let crowds: [String: Int]

    init(_ pods: [KubernetesObject], at now: Instant) {
        self.now = now
        var crowds: [String: Int] = [:]
        for pod in pods where !pod.hasEnded { crowds[pod.nodeName, default: 0] += 1 }
        self.crowds = crowds
    }

    /// The pods, the first to go first.
    func sorted(_ pods: [KubernetesObject]) -> [KubernetesObject] {
        pods.sorted(by: goesFirst)
    }

    private static let phases = ["Pending": 0, "Unknown": 1, "Running": 2]

    private func goesFirst(_ left: KubernetesObject, _ right: KubernetesObject) -> Bool {
        let criteria: [(KubernetesObject) -> Int] = [
            { $0.nodeName.isEmpty ? 0 : 1 },
            { Self.phases[$0.phase] ?? 3 },
            { $0.isTrue("Ready") ? 1 : 0 },
            { Int($0.annotations["controller.kubernetes.io/pod-deletion-cost"] ?? "") ?? 0 },
            { -(crowds[$0.nodeName] ?? 0) },
            { $0.isTrue("Ready") ? ageRank($0.readySince) : 0 },
            { -$0.restartCount },
            { ageRank($0.creationTime) },
        ]
        for criterion in criteria {
            let (one, other) = (criterion(left), criterion(right))
            if one != other { return one < other }
        }
        return left.uid < right.uid
    }

    /// The logarithm of an age; younger is less.
    private func ageRank(_ since: Instant?) -> Int {
        guard let since else { return 0 }
        let age = max(since.duration(to: now).nanoseconds, 1)
        return Int64.bitWidth - age.leadingZeroBitCount
    }
}
