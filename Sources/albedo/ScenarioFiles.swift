// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// The scenarios that a command line names.
enum ScenarioFiles {
    /// Reads all scenarios; those that cannot be read are told as mistakes, in words.
    static func read(_ paths: [String]) -> (scenarios: [Scenario], mistakes: [String]) {
        let reader = ScenarioReader(vocabulary: .standard)
        var scenarios: [Scenario] = []
        var mistakes: [String] = []
        for path in paths {
            do {
                for file in try reader.scenarioFiles(at: path) {
                    do throws(Mistakes) { scenarios.append(try reader.read(file)) } catch {
                        mistakes.append("\(error)")
                    }
                }
            } catch {
                mistakes.append("\(error)")
            }
        }
        return (scenarios, mistakes)
    }
}
