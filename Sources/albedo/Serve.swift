// SPDX-License-Identifier: Apache-2.0
#if SERVING
import ArgumentParser
import Ports
import Serving

/// `albedo serve`: the whole environment on loopback, in real time.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the whole environment on loopback, in real time.",
        discussion: """
            An API server over TLS, an ALB account over plain HTTP, and load balancers that forward to pods. Once \
            everything is ready, DIR/kubeconfig and DIR/endpoints.json are written. SIGINT and SIGTERM stop it.
            """
    )

    @Option(help: "The folder for kubeconfig and endpoints.json.")
    var directory: String?

    @Option(help: "Where the API server listens; port 0 picks one.")
    var kubernetes = ListenAddress(SocketAddress(ip: "127.0.0.1", port: 0))

    @Option(help: "Where the cloud listens; port 0 picks one.")
    var cloud = ListenAddress(SocketAddress(ip: "127.0.0.1", port: 0))

    @Option(help: "Where the control address listens; port 0 picks one.")
    var control = ListenAddress(SocketAddress(ip: "127.0.0.1", port: 0))

    @Flag(
        name: .customLong("no-controller"),
        help: "Leaves the ALB controller out, so that another can be tested."
    )
    var withoutController = false

    @Flag(
        name: .customLong("no-cluster"),
        help: "Leaves the cluster's controllers and kubelets out: a bare API server."
    )
    var withoutCluster = false

    @Option(help: "Keeps the state in this file across restarts.")
    var state: String?

    @Option(help: "The API server's bearer token instead of a random one.")
    var token: String?

    @Option(help: "How many nodes the cluster has; with 0 its pods stay pending.")
    var nodes = 4

    @Flag(
        name: .customLong("strict-signatures"),
        help: "The cloud refuses unsigned calls and wrong signatures."
    )
    var withStrictSignatures = false

    @Option(help: "How many event loops the load balancers have: one for each core that they are to use.")
    var workers = 1

    @Option(help: "Which controller: managed or oss.")
    var profile = "managed"

    @Option(help: "The controller's defects to switch on: B-01,B-02.")
    var defects = ""

    @Option(help: "The controller's defects to switch off.")
    var without = ""

    func validate() throws {
        _ = try ControllerProfileOption.profile(profile, defects: defects, without: without)
        if !EnvironmentOptions.nodeCounts.contains(nodes) {
            throw ValidationError("--nodes must be from 0 to 200")
        }
        if !EnvironmentOptions.workerCounts.contains(workers) {
            throw ValidationError("--workers must be from 1 to 64")
        }
        if let token, !EnvironmentOptions.isToken(token) {
            throw ValidationError("--token must be a word without quotes")
        }
    }

    func run() throws {
        let choice = try ControllerChoice(profile, defects: [defects], without: [without])
        let options = EnvironmentOptions(
            directory: directory,
            kubernetes: kubernetes.address,
            cloud: cloud.address,
            control: control.address,
            withController: !withoutController,
            withCluster: !withoutCluster,
            stateFile: state,
            token: token,
            nodeCount: nodes,
            withStrictSignatures: withStrictSignatures,
            workerCount: workers,
            controller: choice
        )
        try Self.serve(options)
    }

    /// Serves until a signal stops it.
    static func serve(_ options: EnvironmentOptions) throws {
        let environment = Environment(options)
        try LiveRun.untilStopped {
            try await environment.run { Console.print(greeting($0)) }
        }
    }

    private static func greeting(_ endpoints: Environment.Endpoints) -> String {
        "kubernetes https://\(endpoints.kubernetes)  cloud http://\(endpoints.cloud)  control http://\(endpoints.control)"
    }
}

/// `HOST:PORT` with an IP address for a host; `localhost` is 127.0.0.1.
struct ListenAddress: ExpressibleByArgument {
    let address: SocketAddress

    init(_ address: SocketAddress) {
        self.address = address
    }

    init?(argument: String) {
        guard let address = SocketAddress(listening: argument) else { return nil }
        self.address = address
    }

    var defaultValueDescription: String { address.description }
}
#endif
