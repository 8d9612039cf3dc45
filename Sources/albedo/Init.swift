// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Scenarios

/// `albedo init`: a first scenario from manifests.
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a first scenario for your manifests, ready to be run.",
        discussion: """
            Every host and path of the Ingresses gets traffic, the Deployment behind them is rolled out, and what \
            clients must see is written down as expectations. What the manifests lack (an IngressClass, an AlbConfig, \
            certificates) is added. Nothing that is there is overwritten.
            """
    )

    @Argument(help: "Manifest files or folders.")
    var manifests: [String]

    @Option(name: .shortAndLong, help: "The scenario's file.")
    var output = "first.yaml"

    func run() throws {
        let extrasPath = Self.extrasPath(of: output)
        let scenario: FirstScenario
        do {
            for path in [output, extrasPath] where FileManager.default.fileExists(atPath: path) {
                throw OutputFile.Failure(
                    description:
                        "\(path) is there already, and nothing is overwritten: name another with --output"
                )
            }
            try OutputFile(path: output).check()
            scenario = try FirstScenario(
                manifests: manifests.map { Self.path($0, from: OutputFile.folder(of: output)) },
                folder: OutputFile.folder(of: output),
                extrasName: URL(filePath: extrasPath).lastPathComponent
            )
            if !scenario.extras.isEmpty { try OutputFile(path: extrasPath).write(scenario.extras) }
            try OutputFile(path: output).write(scenario.text)
        } catch {
            Console.error("\(error)")
            throw ExitCode.unreadable
        }
        for remark in scenario.remarks { Console.print(remark) }
        Console.print("\(output) is written; run it with: albedo run \(output)")
    }

    /// `first.extras.yaml` for `first.yaml`.
    private static func extrasPath(of output: String) -> String {
        let url = URL(filePath: output)
        let name = url.deletingPathExtension().lastPathComponent
        let folder = OutputFile.folder(of: output)
        return (folder == "." ? "" : folder + "/") + name + ".extras.yaml"
    }

    /// A path of the working folder, as it is named from another folder.
    private static func path(_ path: String, from folder: String) -> String {
        if path.hasPrefix("/") || folder == "." { return path }
        let working = URL(filePath: FileManager.default.currentDirectoryPath)
        let target = URL(filePath: path, relativeTo: working).standardizedFileURL.pathComponents
        let base = URL(filePath: folder, relativeTo: working).standardizedFileURL.pathComponents
        let common = zip(target, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - common) + target.dropFirst(common)).joined(
            separator: "/"
        )
    }
}
