// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import JSON
import Reports
import Scenarios
import Storage

/// `albedo explain`: the path of a request at an instant of a saved run.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what would have become of a request at an instant of a saved run.",
        discussion: """
            For each zone: the configuration version that it served, the certificate, the rules, the server group and \
            its servers, with a reason at each step and the nearest miss when no rule matched. Example: \
            albedo explain run.sqlite GET https://cafe.example.com/tea --at 12.4s
            """
    )

    @Argument(help: "The run file that --save wrote.")
    var file: String

    @Argument(help: "The method: GET.")
    var method: String

    @Argument(help: "The URL: https://cafe.example.com/tea.")
    var url: String

    @Option(help: "The instant, from the scenario's zero: 12.4s, 1m30s; the end of the run without it.")
    var at: String?

    @Option(help: "A header field, as `name: value`; may be given several times.")
    var header: [String] = []

    @Option(help: "The client's address.")
    var source = "192.0.2.1"

    @Option(help: "Only this zone.")
    var zone: String?

    @Flag(help: "Prints the answer as JSON.")
    var json = false

    func run() throws {
        do {
            let question = try RequestQuestion(
                method: method,
                url: url,
                headers: header,
                source: source,
                at: at
            )
            let reading = try RunFile(path: file)
            defer { reading.close() }
            let answer = try question.answer(SavedRun(reading), zone: zone)
            Console.print(json ? answer.json.prettyText : answer.text)
        } catch {
            Console.error(FileFailure.words(error, file))
            throw ExitCode.unreadable
        }
    }
}
