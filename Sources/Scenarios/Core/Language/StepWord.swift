// SPDX-License-Identifier: Apache-2.0

/// A word that a step may begin with: a row of the language's table.
///
/// A new word is a new row here and a case of `StepAction`.
struct StepWord: Sendable {
    let word: String
    let summary: String
    /// A step of a scenario over the tea and coffee shop of the fixtures.
    let example: String
    let reader: Reader<StepAction>

    init(_ word: String, _ summary: String, example: String, _ reader: Reader<StepAction>) {
        self.word = word
        self.summary = summary
        self.example = example
        self.reader = reader
    }

    /// Every word, in the order of documentation.
    static let all: [StepWord] = [
        .apply, .delete, .export, .restore, .patch, .scale, .setImage,
        .deletePod, .crashPod, .setScript, .reshuffleEndpoints,
        .crashNode, .restoreNode, .cordonNode, .uncordonNode, .drainNode, .addNode,
        .restart, .stop, .start, .pause, .upgrade, .crashAtCall, .setCloud,
        .rotateCertificate, .uploadCertificate, .expireCertificate, .console, .account,
        .fault, .clearFaults,
        .probe, .wait, .advance, .note,
    ]

    private static let byWord = Dictionary(uniqueKeysWithValues: all.map { ($0.word, $0) })

    /// The row of a word.
    static func find(_ word: String) -> StepWord? { byWord[word] }
}
