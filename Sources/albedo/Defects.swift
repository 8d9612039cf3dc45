// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import IngressController
import JSON

/// `albedo defects`: the known defects of the open-source controller, each a switch with a number.
struct Defects: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the controller's numbered defects, and in which profile each is on.",
        discussion: """
            A scenario switches them by `controller: {profile: oss, defects: [B-09], without: [B-58]}`, serve and \
            controller by --defects and --without.
            """
    )

    @Flag(help: "Prints the list as JSON.")
    var json = false

    func run() throws {
        if json {
            let rows = Defect.allCases.map { defect in
                JSONValue.object([
                    "id": .string(defect.id), "sentence": .string(defect.sentence),
                    "managed": .bool(Profile.managed.has(defect)), "oss": .bool(Profile.oss.has(defect)),
                ])
            }
            return Console.print(JSONValue.array(rows).prettyText)
        }
        for defect in Defect.allCases {
            let profiles = Profile.managed.has(defect) ? "both  " : "oss   "
            Console.print("\(defect.id)  \(profiles)\(defect.sentence)")
        }
    }
}
