// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

#if SERVING
import Serving
#endif

/// The command line.
@main
struct Albedo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "albedo",
        abstract:
            "A Kubernetes cluster and an ALB account in one process: replay scenarios, see what traffic saw.",
        version: "0.1.0",
        subcommands: subcommands
    )

    private static var subcommands: [any ParsableCommand.Type] {
        var commands: [any ParsableCommand.Type] = [
            Run.self, Validate.self, Schema.self, CatalogueCommand.self, Init.self, Report.self, Explain.self,
            Query.self, Diff.self, Fidelity.self, Defects.self, ModelCommand.self,
            Benchmark.self,
        ]
        #if SERVING
        commands += [Serve.self, Controller.self] as [any ParsableCommand.Type]
        #endif
        return commands
    }

    /// Runs the command that is asked for.
    static func main() {
        #if SERVING
        // Whoever serves wants it up at once: the other commands need not be looked at. Mistakes and questions for
        // help go the usual way.
        let words = CommandLine.arguments.dropFirst()
        if words.first == "serve", let options = EnvironmentOptions(plain: Array(words.dropFirst())) {
            do {
                try Serve.serve(options)
            } catch {
                Serve.exit(withError: error)
            }
            return
        }
        #endif
        main(nil)
    }
}

extension ExitCode {
    /// An expectation failed.
    static let expectationFailed = ExitCode(1)
    /// Something could not be read.
    static let unreadable = ExitCode(2)
}
