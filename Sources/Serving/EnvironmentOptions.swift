// SPDX-License-Identifier: Apache-2.0
public import Ports

/// What is served, and where.
public struct EnvironmentOptions: Sendable {
    /// Where `kubeconfig` and `endpoints.json` are written; nil writes none.
    public var directory: String?
    /// Where the API server listens; port 0 picks one.
    public var kubernetes: SocketAddress
    /// Where the cloud listens; port 0 picks one.
    public var cloud: SocketAddress
    /// Where the control address listens; port 0 picks one.
    public var control: SocketAddress
    /// True when the ALB Ingress controller runs too.
    public var withController: Bool
    /// True when the cluster's controllers and kubelets run too.
    public var withCluster: Bool
    /// The file that keeps the state across restarts; nil keeps it in memory.
    public var stateFile: String?
    /// The bearer token of the API server; nil makes one up, or takes the one kept beside the state file.
    public var token: String?
    /// How many nodes the cluster has; with 0 its pods stay pending.
    public var nodeCount: Int
    /// True when the cloud refuses unsigned calls and wrong signatures.
    public var withStrictSignatures: Bool
    /// How many event loops the load balancers have.
    public var workerCount: Int
    /// Which controller runs.
    public var controller: ControllerChoice

    /// Makes options; without arguments everything is on ports of the system's choice and in memory.
    public init(
        directory: String? = nil,
        kubernetes: SocketAddress = SocketAddress(ip: "127.0.0.1", port: 0),
        cloud: SocketAddress = SocketAddress(ip: "127.0.0.1", port: 0),
        control: SocketAddress = SocketAddress(ip: "127.0.0.1", port: 0),
        withController: Bool = true,
        withCluster: Bool = true,
        stateFile: String? = nil,
        token: String? = nil,
        nodeCount: Int = 4,
        withStrictSignatures: Bool = false,
        workerCount: Int = 1,
        controller: ControllerChoice = ControllerChoice()
    ) {
        self.directory = directory
        self.kubernetes = kubernetes
        self.cloud = cloud
        self.control = control
        self.withController = withController
        self.withCluster = withCluster
        self.stateFile = stateFile
        self.token = token
        self.nodeCount = nodeCount
        self.withStrictSignatures = withStrictSignatures
        self.workerCount = workerCount
        self.controller = controller
    }
}
