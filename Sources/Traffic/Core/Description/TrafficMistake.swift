// SPDX-License-Identifier: Apache-2.0

/// Why a description of traffic can not be followed.
public struct TrafficMistake: Error, Sendable, Hashable, CustomStringConvertible {
    /// The part of the description that is wrong, for example `requests` or `url`.
    public let part: String
    /// What was expected and what was found.
    public let reason: String

    /// Makes a mistake.
    public init(part: String, reason: String) {
        self.part = part
        self.reason = reason
    }

    /// `requests: expected at least one`.
    public var description: String { "\(part): \(reason)" }
}
