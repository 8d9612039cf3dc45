// SPDX-License-Identifier: Apache-2.0

/// A step of the scenario.
public struct StepRecord: TraceRecord {
    /// The table of the run file.
    public static let table = "step"

    /// The step's place in the scenario, from 1.
    public var number: Int
    /// The step's word: `apply`, `rotate-certificate`.
    public var verb: String
    /// What it did, in words.
    public var detail: String

    /// Makes a record.
    public init(
        number: Int,
        verb: String,
        detail: String
    ) {
        self.number = number
        self.verb = verb
        self.detail = detail
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("number", number)
        writer.column("verb", verb)
        writer.column("detail", detail)
    }
}
