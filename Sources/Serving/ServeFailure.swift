// SPDX-License-Identifier: Apache-2.0

/// Why an environment can not be served.
public struct ServeFailure: Error, Sendable, CustomStringConvertible {
    /// What stands in the way, in words.
    public let description: String

    /// Makes a failure.
    public init(_ description: String) {
        self.description = description
    }
}
