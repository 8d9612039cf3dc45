// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudServer
import Cluster
import JSON
import Live
import Ports
import Synchronization
import Testing

@testable import Serving

@Suite struct EnvironmentPartsTests {
    private static let endpoints = Environment.Endpoints(
        kubernetes: SocketAddress(ip: "127.0.0.1", port: 6443),
        cloud: SocketAddress(ip: "127.0.0.1", port: 8080),
        control: SocketAddress(ip: "127.0.0.1", port: 9090),
        token: "secret"
    )

    @Test(arguments: [
        ("/api/v1/pods?watch=1", "/api/v1/pods?watch=1"), ("http://127.0.0.1:6443/api/v1", "/api/v1"),
        ("http://alb.cn-hangzhou.aliyuncs.com?Action=A", "/?Action=A"), ("https://example.com", "/"),
    ])
    func `a target in absolute form is reduced to its path and query`(target: String, expected: String) {
        #expect(CloudGateway.originForm(target) == expected)
    }

    @Test func `the endpoints document has the members that callers rely on`() {
        let account = EnvironmentNetworkPlan.account(LoopbackBlock(index: 0))
        let document = EnvironmentFiles.document(Self.endpoints, account: account, authorityPEM: "PEM")
        #expect(document[path: ["kubernetes", "url"]] == "https://127.0.0.1:6443")
        #expect(document[path: ["kubernetes", "token"]] == "secret")
        #expect(document[path: ["kubernetes", "certificateAuthority"]] == "PEM")
        #expect(document[path: ["cloud", "url"]] == "http://127.0.0.1:8080")
        #expect(document[path: ["cloud", "vpcId"]] == .string(account.vpcID))
        #expect(document[path: ["cloud", "vSwitches"]]?[0]?["zoneId"] == .string(account.zones[0]))
        #expect(document[path: ["control", "url"]] == "http://127.0.0.1:9090")
    }

    @Test func `load balancers, nodes and pods stand on loopback addresses that do not meet`() {
        var taken: Set<String> = []
        for index in 0..<LoopbackBlock.count {
            let block = LoopbackBlock(index: index)
            let network = LoopbackNetwork(
                network: LiveNetwork(threads: 1),
                block: block,
                programs: LocalPrograms()
            )
            let account = EnvironmentNetworkPlan.account(block)
            let nodes = EnvironmentNetworkPlan.nodes(count: 200, account: account)
            #expect(Set(nodes.map(\.podRange)).count == 200 && Set(nodes.map(\.address)).count == 200)
            #expect(account.addressPools.allSatisfy { $0.first.hasPrefix(block.loadBalancers + ".") })
            #expect(nodes.allSatisfy { network.loopback(of: $0.address).hasPrefix(block.nodes + ".") })
            #expect(nodes.allSatisfy { network.loopback(of: $0.podRange).hasPrefix(block.pods + ".") })
            for prefix in [block.loadBalancers, block.nodes, block.pods] {
                #expect(taken.insert(prefix).inserted && prefix != "127.0")
                #expect(prefix.split(separator: ".").allSatisfy { UInt8($0) != nil })
            }
        }
    }

    @Test func `environments beside each other have blocks of their own, and give them back`() async throws {
        let network = LiveNetwork(threads: 1)
        let (first, claim) = try LoopbackBlock.claim(network)
        let (second, other) = try LoopbackBlock.claim(network)
        #expect(first != second)
        claim.close()
        other.close()
        await network.shutdown()
    }

    @Test func `an address of nobody here stands for itself`() {
        let network = LoopbackNetwork(
            network: LiveNetwork(threads: 1),
            block: LoopbackBlock(index: 0),
            programs: LocalPrograms()
        )
        for address in ["10.96.0.1", "192.168.0.1", "127.1.1.1", "::1"] {
            #expect(network.loopback(of: address) == address)
        }
    }

    @Test func `the server's certificate is for its address and for no other`() throws {
        let now = Instant(seconds: 1_790_000_000)
        let identity = try ServerIdentity(address: "127.0.0.7", now: now)
        guard case .accept(let chain, let agreed, _) = identity.choose(ClientHello()) else {
            Issue.record("the hello is refused")
            return
        }
        let key = try #require(identity.privateKeyPEM(for: chain))
        #expect(agreed == "h2")
        #expect(try PrivateKey(pem: key).matches(chain))
        let verifier = CertificateVerifier(roots: [try CertificateChain(pem: identity.authorityPEM)])
        for host in ["localhost", "127.0.0.1", "127.0.0.7", "::1"] {
            #expect(verifier.verify(chain, host: host, at: now) == .valid)
        }
        #expect(verifier.verify(chain, host: "127.0.0.8", at: now) != .valid)
    }

    @Test func `plain words are read as the options that they name`() throws {
        let options = try #require(
            EnvironmentOptions(plain: [
                "--directory", "/tmp/a", "--kubernetes", "localhost:6443", "--cloud=127.0.0.2:81",
                "--no-controller",
                "--state", "s.sqlite", "--nodes", "0", "--workers=2", "--token", "word", "--no-cluster",
            ])
        )
        #expect(options.directory == "/tmp/a")
        #expect(options.kubernetes == SocketAddress(ip: "127.0.0.1", port: 6443))
        #expect(options.cloud == SocketAddress(ip: "127.0.0.2", port: 81))
        #expect(options.control == SocketAddress(ip: "127.0.0.1", port: 0))
        #expect(!options.withController && !options.withCluster && !options.withStrictSignatures)
        #expect(options.stateFile == "s.sqlite" && options.token == "word")
        #expect(options.nodeCount == 0 && options.workerCount == 2)
        let usual = try #require(EnvironmentOptions(plain: []))
        #expect(usual.withController && usual.withCluster && usual.nodeCount == 4 && usual.workerCount == 1)
    }

    @Test(arguments: [
        ["--help"], ["x"], ["--nodes"], ["--nodes", "201"], ["--nodes", "-1"], ["--workers", "0"],
        ["--token", "a b"],
        ["--token="], ["--kubernetes", "127.0.0.1"], ["--nodes", "1", "--nodes", "2"], ["--no-cluster=1"],
        ["--profile", "oss"], ["--directory", "--no-cluster"], ["--"], ["-d"],
    ])
    func `words that are not plain are left to the reader of command lines`(words: [String]) {
        #expect(EnvironmentOptions(plain: words) == nil)
    }

    @Test func `the trace keeps the newest entries in order`() {
        let trace = LiveTrace(clock: StillClock(), limit: 3)
        let sink = trace.sink(host: "a")
        for number in 1...5 { sink.record(.note(Note(topic: "n", message: "\(number)"))) }
        #expect(trace.entries(after: 0, count: 10).map(\.id.number) == [3, 4, 5])
        #expect(trace.entries(after: 3, count: 1).map(\.id.number) == [4])
        #expect(trace.entries(after: 4, count: 9).map(\.json)[0][path: ["record", "message"]] == "5")
    }

    @Test func `a port that is refused is replaced by one of the system's choice`() throws {
        let ports = BoundPorts(PickyNetwork())
        let asked = SocketAddress(ip: "127.1.1.1", port: 80)
        let listening = try ports.listen(on: asked, options: ListenOptions()) { _ in
            fatalError("nobody connects")
        }
        #expect(listening.address.port == 40_000 && ports.bound(asked, .tcp) == 40_000)
        listening.close()
        #expect(ports.bound(asked, .tcp) == nil)
    }
}

/// A clock that stands still.
private struct StillClock: HostClock {
    var now: Instant { Instant(seconds: 0) }
    func sleep(until deadline: Instant) async throws(CancellationError) {}
    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        TimerID(number: 0)
    }
    func cancel(_ timer: TimerID) {}
}

/// A network that lets nobody listen on ports below 1024.
private struct PickyNetwork: Network {
    private final class Open: Listening {
        let address: SocketAddress
        init(_ address: SocketAddress) { self.address = address }
        func close() {}
    }

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        if address.port == 0 { return Open(SocketAddress(ip: address.ip, port: 40_000)) }
        guard address.port >= 1024 else { throw .refused }
        return Open(address)
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {}
    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {}
    func claim(ip: String) {}
    func release(ip: String) {}
}
