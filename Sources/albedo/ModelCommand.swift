// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import IngressController
import JSON
import KubernetesAPI
import Scenarios

/// `albedo model`: what the controller would want from the cloud for some manifests.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Prints what manifests want from the cloud: rules in order, or the whole model as JSON.",
        discussion: """
            The pure half of the controller: no API server, no cloud. Problems go to standard error; the exit code \
            is 1 when an Ingress cannot be built as it is.
            """
    )

    @Argument(help: "Manifest files or folders.")
    var paths: [String]

    @Flag(help: "Prints the model as JSON instead of the table of rules.")
    var json = false

    @Flag(name: .customLong("plan"), help: "Prints the calls that would make it in an empty account.")
    var showsPlan = false

    @Option(help: "Which controller: managed or oss.")
    var profile = "managed"

    @Option(help: "Defects to switch on: B-01,B-02.")
    var defects = ""

    @Option(help: "The cluster's id.")
    var cluster = "c0123456789"

    @Option(help: "The cluster's VPC.")
    var vpc = "vpc-0123456789"

    func run() throws {
        let profile = try ControllerProfileOption.profile(self.profile, defects: defects)
        let (found, mistakes) = ManifestFiles.read(paths)
        for mistake in mistakes { Console.error(mistake) }
        guard mistakes.isEmpty, !found.isEmpty else {
            if mistakes.isEmpty { Console.error("no object found below \(paths.joined(separator: ", "))") }
            throw ExitCode.unreadable
        }
        let objects = placed(found)
        let context = BuildContext(cluster: cluster, vpc: vpc, profile: profile)
        let groups = Model.build(objects: objects, context: context)
        let problems = groups.flatMap(\.problems) + Model.strays(objects: objects)
        print(groups, profile)
        for problem in problems { Console.error("\(problem)") }
        if problems.contains(where: { $0.effect != .none }) { throw ExitCode.expectationFailed }
    }

    /// The objects with the namespace that kubectl would give them.
    private func placed(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        objects.map { object in
            guard object.namespace.isEmpty, Self.namespaced.contains(object.kind) else { return object }
            var object = object
            object[path: "metadata", "namespace"] = "default"
            return object
        }
    }

    private static let namespaced: Set<String> = ["Ingress", "Service", "Secret", "Endpoints"]

    private func print(_ groups: [Model.Group], _ profile: Profile) {
        if json {
            let rows = groups.map { group -> JSONValue in
                guard showsPlan else { return group.stack.json }
                return [
                    "albConfig": .string(group.albConfig),
                    "plan": Model.plan(group.stack, profile: profile).json,
                ]
            }
            return Console.print(JSONValue.array(rows).prettyText)
        }
        for group in groups {
            Console.print("AlbConfig \(group.albConfig)")
            Console.print(
                showsPlan ? Model.plan(group.stack, profile: profile).text : group.stack.table
            )
        }
    }
}

/// Options that choose a controller.
enum ControllerProfileOption {
    /// The profile of this name with some defects added.
    static func profile(_ name: String, defects: String, without: String = "") throws -> Profile {
        guard let kind = Profile.Kind(rawValue: name) else {
            throw ValidationError("there is no profile \(name): there are managed and oss")
        }
        var profile = Profile(kind)
        profile.defects.formUnion(try read(defects))
        profile.defects.subtract(try read(without))
        return profile
    }

    private static func read(_ text: String) throws -> [Defect] {
        try text.split(separator: ",").map { id in
            guard let defect = Defect(id: String(id)) else {
                throw ValidationError("there is no defect \(id): `albedo defects` lists B-01 to B-60")
            }
            return defect
        }
    }
}
