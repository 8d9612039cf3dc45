// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What came of one part of a scenario: its corrected form or a baseline.
public struct PartReport: Sendable {
    /// `corrected form`, `baseline B-25`.
    public var title: String
    /// True when it showed what it must show.
    public var isRight: Bool
    /// What it showed, in a few words.
    public var remark: String
    /// How many runs it made.
    public var runs: Int
    /// The numbers that it tells.
    public var figures: [Figure]
    /// The digest over its runs.
    public var digest: String

    /// Makes a report.
    public init(
        title: String,
        isRight: Bool,
        remark: String,
        runs: Int,
        figures: [Figure] = [],
        digest: String = ""
    ) {
        self.title = title
        self.isRight = isRight
        self.remark = remark
        self.runs = runs
        self.figures = figures
        self.digest = digest
    }

    /// The report as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "title": .string(title), "right": .bool(isRight), "remark": .string(remark),
            "runs": .integer(Int64(runs)), "digest": .string(digest),
        ]
        if !figures.isEmpty { object["figures"] = .array(figures.map(\.json)) }
        return .object(object)
    }
}

extension Figure {
    /// The figure as JSON.
    public var json: JSONValue {
        ["name": .string(name), "value": .number("\(value)"), "text": .string(text)]
    }
}
