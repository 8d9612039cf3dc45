// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// How far a rolling update may go beyond and below the wanted number of pods.
///
/// - Source: upstream `ResolveFenceposts`: surge rounds up, unavailability rounds down, and when both come to
///   0 one pod may be unavailable; seen upstream.
struct RolloutBounds: Sendable, Hashable {
    /// Pods allowed beyond the wanted number.
    var surge: Int
    /// Pods that may be missing.
    var unavailable: Int

    /// Resolves the bounds of a Deployment; both are 0 when it does not roll.
    init(_ deployment: KubernetesObject) {
        let replicas = deployment.specReplicas
        let strategy = deployment["spec", "strategy"]
        guard strategy?["type"]?.stringValue ?? "RollingUpdate" == "RollingUpdate" else {
            (surge, unavailable) = (0, 0)
            return
        }
        let rolling = strategy?["rollingUpdate"]
        surge = Self.resolve(rolling?["maxSurge"] ?? "25%", of: replicas, up: true)
        unavailable = Self.resolve(rolling?["maxUnavailable"] ?? "25%", of: replicas, up: false)
        if surge == 0 && unavailable == 0 { unavailable = 1 }
        unavailable = min(unavailable, replicas)
    }

    /// A number, or a percentage of `total`; 0 for anything else.
    static func resolve(_ value: JSONValue, of total: Int, up: Bool) -> Int {
        if let number = value.intValue { return max(number, 0) }
        guard let text = value.stringValue, text.hasSuffix("%"), let percent = Int(text.dropLast()),
            percent >= 0, percent <= 1_000_000, total <= 1_000_000_000
        else { return 0 }
        return (percent * total + (up ? 99 : 0)) / 100
    }
}
