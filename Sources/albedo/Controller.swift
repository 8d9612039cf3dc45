// SPDX-License-Identifier: Apache-2.0
#if SERVING
import ArgumentParser
import Foundation
import JSON
import Ports
import Scenarios
import Serving

/// `albedo controller`: the ALB Ingress controller alone, live.
struct Controller: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the ALB Ingress controller against an API server and a cloud endpoint.",
        discussion: """
            The log goes to standard error as lines of JSON. SIGINT and SIGTERM let the present passes end. \
            ALB_ACCESS_KEY_ID and ALB_ACCESS_KEY_SECRET may hold the access key.
            """
    )

    @Option(help: "The kubeconfig file; its current context counts.")
    var kubeconfig: String

    @Option(help: "The cloud's endpoint: http://HOST:PORT, https://HOST:PORT or HOST:PORT.")
    var cloud: String

    @Option(help: "The access key's id.")
    var accessKeyID: String?

    @Option(help: "The access key's secret.")
    var accessKeySecret: String?

    @Option(help: "The region in every call.")
    var region = "cn-hangzhou"

    @Option(help: "The cluster's VPC.")
    var vpc: String

    @Option(help: "The cluster's id, in tags and names.")
    var cluster = "c0123456789"

    @Option(help: "Which controller: managed or oss.")
    var profile = "managed"

    @Option(help: "Defects to switch on: B-01,B-02.")
    var defects = ""

    @Option(help: "Defects to switch off.")
    var without = ""

    @Flag(help: "Reaches pods by node ports where a Service does not say.")
    var nodePorts = false

    @Flag(help: "Shares the work with others of its kind by a Lease.")
    var electLeader = false

    @Flag(help: "Notes plans instead of carrying them out.")
    var dryRun = false

    @Option(help: "Where /metrics, /healthz and /readyz are served; port 0 picks one.")
    var metrics: ListenAddress?

    func run() throws {
        let options = try options()
        let controller = StandaloneController(options) { Console.error($0) }
        try LiveRun.untilStopped {
            try await controller.run { Console.print("metrics http://\($0)") }
        }
    }

    private func options() throws -> StandaloneController.Options {
        let environment = ProcessInfo.processInfo.environment
        let isSecure = cloud.hasPrefix("https://")
        let text = isSecure || cloud.hasPrefix("http://") ? cloud.drop { $0 != "/" }.dropFirst(2) : cloud[...]
        let parts = text.split(separator: "/").first?.split(separator: ":") ?? []
        guard parts.count <= 2, let host = parts.first,
            let port = Int(parts.count == 2 ? parts[1] : isSecure ? "443" : "80")
        else {
            throw ValidationError("--cloud must be http://HOST:PORT or https://HOST:PORT")
        }
        do {
            return StandaloneController.Options(
                cluster: try KubeconfigFile.read(kubeconfig),
                cloud: Endpoint(host: String(host), port: port, isSecure: isSecure),
                accessKeyID: accessKeyID ?? environment["ALB_ACCESS_KEY_ID"] ?? "",
                accessKeySecret: accessKeySecret ?? environment["ALB_ACCESS_KEY_SECRET"] ?? "",
                region: region,
                vpcID: vpc,
                clusterID: cluster,
                profile: try ControllerChoice(profile, defects: [defects], without: [without]),
                usesNodePorts: nodePorts,
                electsLeader: electLeader,
                isDryRun: dryRun,
                metrics: metrics?.address
            )
        } catch let failure as ServeFailure {
            throw ValidationError("\(failure)")
        }
    }
}
#endif
