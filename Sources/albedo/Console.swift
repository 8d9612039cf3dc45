// SPDX-License-Identifier: Apache-2.0
import Foundation
import Reports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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

    /// A diagnostic that stays on its line.
    static func errorPart(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Colours for results: only on a terminal, and not where NO_COLOR is set or the terminal is a dumb one.
    static var paint: Paint {
        let environment = ProcessInfo.processInfo.environment
        let isWanted = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        return Paint(isOn: isWanted && isatty(STDOUT_FILENO) == 1)
    }

    /// True when progress can be shown.
    static var showsProgress: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }
}
