// SPDX-License-Identifier: Apache-2.0
import Ports

/// Which part of a container's log is asked for.
///
/// - Source: `PodLogOptions` of the Kubernetes API (documented).
struct LogQuery: Sendable, Hashable {
    /// Goes on with what is printed from now on.
    var follows = false
    /// Of the process before the present one.
    var isPrevious = false
    /// Begins each line with its time.
    var hasTimestamps = false
    /// So many lines at the end; nil for all.
    var tailLines: Int?
    /// So many bytes at most; nil for all.
    var limitBytes: Int?
    /// Lines from then on; nil for all.
    var since: Instant?

    /// All of it.
    init() {}

    /// Reads the query of a request to a kubelet.
    init(_ query: some StringProtocol, at now: Instant) {
        for pair in query.split(separator: "&" as Character) {
            let parts = pair.split(separator: "=" as Character, maxSplits: 1).map { String($0) }
            let value = parts.count > 1 ? parts[1].replacing("%3A", with: ":") : ""
            switch parts.first {
            case "follow": follows = value == "true"
            case "previous": isPrevious = value == "true"
            case "timestamps": hasTimestamps = value == "true"
            case "tailLines": tailLines = Int(value)
            case "limitBytes": limitBytes = Int(value)
            case "sinceSeconds": since = Int(value).map { now.advanced(by: .seconds(-$0)) }
            case "sinceTime": since = Instant(rfc3339: value)
            default: break
            }
        }
    }
}
