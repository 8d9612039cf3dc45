// SPDX-License-Identifier: Apache-2.0

/// The language of scenarios as data: what documentation and editors are told.
public enum Language {
    /// The top of a scenario file.
    public static var scenario: RecordShape { ScenarioRecord.record.shape }

    /// The words that steps begin with.
    public static var steps: [WordShape] {
        StepWord.all.map {
            WordShape(word: $0.word, summary: $0.summary, example: $0.example, value: $0.reader.shape)
        }
    }

    /// The words that faults begin with.
    public static var faults: [WordShape] { FaultRecord.words }

    /// The words that expectations begin with.
    public static var claims: [WordShape] {
        ClaimWord.all.map {
            WordShape(word: $0.word, summary: $0.summary, example: $0.example, value: $0.shape)
        }
    }
}
