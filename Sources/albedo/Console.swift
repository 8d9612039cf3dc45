// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where results and diagnostics go.
enum Console {
    /// A result.
    static func print(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Progress or a diagnostic.
    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
