// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the value that is wanted, without its place.
struct ValueProblem: Error, Hashable {
    var message: String
    var suggestion: String?
    /// The word of the value that is wrong, where it is one.
    var word: String?

    init(_ message: String, _ suggestion: String?, word: String? = nil) {
        self.message = message
        self.suggestion = suggestion
        self.word = word
    }
}
