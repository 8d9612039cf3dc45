// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CloudServer
import JSON

/// `albedo fidelity`: what of the cloud is imitated, and what is not built.
struct Fidelity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the cloud's actions: which are simulated, which answer NotImplemented.",
        discussion: "FIDELITY.md says how sure each imitated behaviour is, and what is assumed."
    )

    @Flag(help: "Prints the list as JSON.")
    var json = false

    func run() throws {
        let actions = CloudServer.actions
        if json {
            let rows = actions.map { action in
                JSONValue.object([
                    "version": .string(action.version), "action": .string(action.action),
                    "priority": .string(action.priority), "simulated": .bool(action.isSimulated),
                ])
            }
            return Console.print(JSONValue.array(rows).prettyText)
        }
        for action in actions {
            let state = action.isSimulated ? "simulated  " : "not built  "
            Console.print("\(state)\(action.priority)  \(action.version)  \(action.action)")
        }
        let built = actions.count(where: \.isSimulated)
        Console.print("\(built) of \(actions.count) actions are simulated; the others answer NotImplemented")
    }
}
