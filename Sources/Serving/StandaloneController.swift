// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import IngressController
import JSON
import Live
public import Ports
import Synchronization

/// The ALB Ingress controller alone, on sockets, against any API server and any cloud endpoint.
public struct StandaloneController: Sendable {
    /// How the API server is reached.
    public struct Cluster: Sendable {
        /// Its address.
        public var endpoint: Endpoint
        /// The authority of its certificate in PEM; nil for the system's roots.
        public var authorityPEM: String?
        /// True to believe any certificate.
        public var believesAnybody: Bool
        /// A bearer token.
        public var token: String?
        /// Who the controller is to an API server that asks for a certificate.
        private(set) var identity: LiveIdentity?

        /// Makes an address.
        public init(
            endpoint: Endpoint,
            authorityPEM: String? = nil,
            believesAnybody: Bool = false,
            token: String? = nil
        ) {
            self.endpoint = endpoint
            self.authorityPEM = authorityPEM
            self.believesAnybody = believesAnybody
            self.token = token
        }

        /// Sets the certificate that is shown to an API server that asks for one.
        ///
        /// - Throws: `ServeFailure` when these are no certificates, or no private key.
        public mutating func show(
            certificatesPEM: String,
            privateKeyPEM: String
        ) throws(ServeFailure) {
            do {
                identity = try LiveIdentity(certificatesPEM: certificatesPEM, privateKeyPEM: privateKeyPEM)
            } catch {
                throw ServeFailure("the client certificate or its key is not valid PEM: \(error)")
            }
        }
    }

    /// What it is told.
    public struct Options: Sendable {
        /// The API server.
        public var cluster: Cluster
        /// The cloud's endpoint.
        public var cloud: Endpoint
        /// The access key that signs calls.
        public var accessKeyID: String
        /// Its secret.
        public var accessKeySecret: String
        /// The region in every call.
        public var region: String
        /// The VPC of the cluster.
        public var vpcID: String
        /// The cluster's id, in tags and names.
        public var clusterID: String
        /// `managed` or `oss`, with defects added and taken away by number.
        public var profile: ControllerChoice
        /// True when pods are reached by node ports where a Service does not say.
        public var usesNodePorts: Bool
        /// True when several controllers share the work by a Lease.
        public var electsLeader: Bool
        /// True to note plans instead of carrying them out.
        public var isDryRun: Bool
        /// Where metrics and health are served; nil for nowhere.
        public var metrics: SocketAddress?

        /// Makes options.
        public init(
            cluster: Cluster,
            cloud: Endpoint,
            accessKeyID: String,
            accessKeySecret: String,
            region: String,
            vpcID: String,
            clusterID: String,
            profile: ControllerChoice = ControllerChoice(),
            usesNodePorts: Bool = false,
            electsLeader: Bool = false,
            isDryRun: Bool = false,
            metrics: SocketAddress? = nil
        ) {
            self.cluster = cluster
            self.cloud = cloud
            self.accessKeyID = accessKeyID
            self.accessKeySecret = accessKeySecret
            self.region = region
            self.vpcID = vpcID
            self.clusterID = clusterID
            self.profile = profile
            self.usesNodePorts = usesNodePorts
            self.electsLeader = electsLeader
            self.isDryRun = isDryRun
            self.metrics = metrics
        }
    }

    private let options: Options
    private let log: @Sendable (String) -> Void

    /// Makes a controller.
    ///
    /// - Parameters:
    ///   - options: What it is told.
    ///   - log: Takes each line of the log: a JSON object.
    public init(_ options: Options, log: @escaping @Sendable (String) -> Void) {
        self.options = options
        self.log = log
    }

    /// Works until the task is cancelled; then the present passes may end, for half a minute at most.
    ///
    /// - Parameter ready: Called with the address of metrics once that listens.
    /// - Throws: `NetworkFailure` when metrics cannot be served there.
    public func run(ready: @escaping @Sendable (SocketAddress) -> Void = { _ in }) async throws {
        let cluster = options.cluster
        let network = LiveNetwork(trust: trust, identity: cluster.identity)
        let clock = LifeClock()
        let host = Host(
            name: "controller",
            clock: clock,
            network: network,
            random: RandomSource(seed: .random(in: .min ... .max)),
            trace: LogTrace(clock: clock, log: log)
        )
        let controller = IngressController(host: host, configuration: configuration)
        let failure = MetricsFailure()
        await withTaskGroup(of: Void.self) { group in
            if let address = options.metrics {
                group.addTask {
                    do {
                        try await Self.serve(controller.gauge, host, address, ready)
                    } catch {
                        failure.note(error)
                        controller.stop()
                    }
                }
            }
            let work = PatientWork { await controller.run() }
            await work.run(asking: controller.stop, patience: .seconds(30), clock)
            group.cancelAll()
        }
        clock.end()
        await network.shutdown()
        try failure.check()
    }

    /// Whom the controller believes: the authority of the API server, and for a cloud over TLS the system's too.
    private var trust: LiveTrust {
        let cluster = options.cluster
        if cluster.believesAnybody { return .anybody }
        guard let pem = cluster.authorityPEM else { return .system }
        return options.cloud.isSecure ? .rootsAndSystem(pem: pem) : .roots(pem: pem)
    }

    private var configuration: ControllerConfiguration {
        var configuration = ControllerConfiguration(
            kubernetes: options.cluster.endpoint,
            kubernetesToken: options.cluster.token,
            cloud: CloudClient.Configuration(
                endpoint: options.cloud,
                region: options.region,
                accessKeyID: options.accessKeyID,
                accessKeySecret: options.accessKeySecret,
                userAgent: "alb-ingress-controller"
            ),
            clusterID: options.clusterID,
            vpcID: options.vpcID,
            profile: options.profile.profile,
            backendType: options.usesNodePorts ? .nodePort : .networkInterface,
            electsLeader: options.electsLeader
        )
        configuration.isDryRun = options.isDryRun
        return configuration
    }

    private static func serve(
        _ gauge: ControllerGauge,
        _ host: Host,
        _ address: SocketAddress,
        _ ready: @escaping @Sendable (SocketAddress) -> Void
    ) async throws {
        let server = HTTPServer(host: host, address: address) { request in
            switch request.head.path?.split(separator: "?").first {
            case "/metrics": Self.answer(200, gauge.prometheusText)
            case "/healthz", "/livez": Self.answer(200, "ok\n")
            case "/readyz": gauge.isReady ? Self.answer(200, "ok\n") : Self.answer(503, "starting\n")
            default: Self.answer(404, "there are /metrics, /healthz, /livez and /readyz\n")
            }
        }
        try await server.run { ready($0) }
    }

    private static func answer(_ status: Int, _ text: String) -> HTTPServerResponse {
        let fields: HTTPFields = [.contentType: "text/plain; version=0.0.4"]
        return HTTPServerResponse(
            head: HTTPResponse(status: .init(code: status), headerFields: fields),
            body: .bytes(Array(text.utf8))
        )
    }
}

/// Why metrics could not be served.
private final class MetricsFailure: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func note(_ error: any Error) { self.error.withLock { $0 = error } }

    func check() throws { if let error = error.withLock({ $0 }) { throw error } }
}

/// Writes what matters of a trace as lines of JSON.
private struct LogTrace: TraceSink {
    let clock: any HostClock
    let log: @Sendable (String) -> Void

    func record(_ event: TraceEvent, cause: TraceID) -> TraceID {
        switch event {
        case .reconcile, .note:
            let entry = TraceEntry(id: .none, at: clock.now, host: "controller", cause: cause, event: event)
            log(entry.json.text)
        default: break
        }
        return .none
    }
}
