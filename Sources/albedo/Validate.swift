// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import IngressController
import KubernetesAPI
import Scenarios

/// `albedo validate`: reads scenarios without running them.
///
/// What the ingress controller would warn of in their manifests is told on standard error and is no mistake.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads scenarios without running them and lists every mistake with its place."
    )

    @Argument(help: "Scenario files or folders.")
    var paths: [String]

    func run() throws {
        let (scenarios, mistakes) = ScenarioFiles.read(paths)
        for mistake in mistakes { Console.error(mistake) }
        guard mistakes.isEmpty, !scenarios.isEmpty else {
            if scenarios.isEmpty, mistakes.isEmpty {
                Console.error("no scenario found below \(paths.joined(separator: ", "))")
            }
            throw ExitCode.unreadable
        }
        for scenario in scenarios { warn(scenario) }
        Console.print(
            "\(scenarios.count) \(scenarios.count == 1 ? "scenario" : "scenarios") read, no mistake found"
        )
    }

    /// Says what the controller would say of the manifests that a scenario begins with.
    private func warn(_ scenario: Scenario) {
        let objects = scenario.cluster.objects
        let kind: Profile.Kind = scenario.profile == .oss ? .oss : .managed
        let context = BuildContext(cluster: "c0123456789", vpc: "vpc-0123456789", profile: Profile(kind))
        let all = objects.map(\.object)
        let problems = Model.build(objects: all, context: context).flatMap(\.problems)
        for problem in problems + Model.strays(objects: all) where !isAboutTheWorld(problem) {
            let place = objects.first { manifest in
                switch problem.subject {
                case .ingress(let key): manifest.object.kind == "Ingress" && manifest.object.name == key.name
                case .albConfig(let name):
                    manifest.object.kind == "AlbConfig" && manifest.object.name == name
                }
            }?.place
            Console.error("\(place.map { "\($0): " } ?? "\(scenario.file): ")warning: \(problem)")
        }
    }

    /// Certificates, AlbConfigs and classes may come from the cloud or by a step.
    private func isAboutTheWorld(_ problem: Problem) -> Bool {
        problem.isTemporary || problem.message.contains("does not exist")
            || problem.message.contains("has no certificate")
    }
}
