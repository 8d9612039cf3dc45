// SPDX-License-Identifier: Apache-2.0

/// Why a text is no YAML that JSON can hold.
public struct YAMLError: Error, Equatable, CustomStringConvertible {
    /// In the words of the reader that Kubernetes uses: `line 3: did not find expected key`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
