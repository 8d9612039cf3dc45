// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the value that is wanted, without its place.
struct ValueProblem: Error, Hashable {
    var message: String
    var suggestion: String?

    init(_ message: String, _ suggestion: String?) {
        self.message = message
        self.suggestion = suggestion
    }
}
