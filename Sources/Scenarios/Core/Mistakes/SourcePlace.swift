// SPDX-License-Identifier: Apache-2.0

/// A place in a file that somebody wrote.
public struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    /// The file's path as it was given.
    public var file: String
    /// The line, from 1; 0 for the file as a whole.
    public var line: Int
    /// The column, from 1, counted in Unicode scalars.
    public var column: Int

    /// Makes a place.
    public init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `scenario.yaml:4:7`, or the file alone.
    public var description: String { line > 0 ? "\(file):\(line):\(column)" : file }
}
