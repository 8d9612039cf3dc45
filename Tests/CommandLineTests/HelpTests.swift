// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct HelpTests {
    /// Each has its text in `docs/help`; ALBEDO_WRITE_HELP=1 writes them anew.
    static let commands = ["run", "validate", "init", "report", "explain", "query", "diff", "fidelity"]

    @Test(arguments: commands)
    func `the help of a command is the one that is kept`(_ command: String) throws {
        let result = try Program.run(["help", command])
        #expect(result.code == 0)
        let file = Program.root.appending(path: "docs/help/\(command).txt")
        if ProcessInfo.processInfo.environment["ALBEDO_WRITE_HELP"] == "1" {
            try Data(result.output.utf8).write(to: file)
        }
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(result.output == kept, "write it anew with ALBEDO_WRITE_HELP=1 when the change is meant")
    }

    @Test func `the version is told`() throws {
        let result = try Program.run(["--version"])
        #expect(result.code == 0)
        #expect(result.output.split(separator: ".").count == 3)
    }

    @Test func `a command that is not there is refused`() throws {
        let result = try Program.run(["fly"])
        #expect(result.code != 0)
        #expect(!result.error.isEmpty)
    }

    @Test func `completions for shells know the commands`() throws {
        for shell in ["bash", "zsh", "fish"] {
            let result = try Program.run(["--generate-completion-script", shell])
            #expect(result.code == 0)
            #expect(result.output.contains("explain"))
        }
    }
}
