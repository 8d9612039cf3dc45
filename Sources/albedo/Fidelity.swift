// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CloudServer

/// `albedo fidelity`: what is imitated, and what is not built.
struct Fidelity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what is imitated and what is not built.",
        discussion: "FIDELITY.md says more: how sure each statement is, and what is assumed.")

    func run() throws {
        for statement in CloudServer.fidelity {
            Console.print(statement)
        }
    }
}
