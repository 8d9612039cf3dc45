// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import JSON
import Ports
import Simulation
import Synchronization

@testable import IngressController

/// A cloud that answers as a test says, in virtual time.
final class ScriptedCloud: Sendable {
    /// What it was asked: the action and its parameters.
    struct Call: Sendable {
        var action: String
        var parameters: [String: String]
    }

    /// What it answers.
    enum Answer: Sendable {
        case success(JSONValue)
        case refusal(String)
        case silence
    }

    private let calls = Mutex<[Call]>([])
    private let answer: @Sendable (Call, Int) -> Answer

    /// Makes a cloud; the number counts the calls of one action from 1.
    init(_ answer: @escaping @Sendable (Call, Int) -> Answer) {
        self.answer = answer
    }

    var all: [Call] { calls.withLock { $0 } }

    func actions(_ name: String) -> [Call] { all.filter { $0.action == name } }

    /// Runs something against the cloud, and gives what it gave and how long it took.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Host, CloudCaller) async -> Value
    ) throws -> (value: Value, duration: Duration) {
        let simulation = Simulation(seed: 1)
        return try simulation.run {
            simulation.start("cloud") { host in
                host.network.claim(ip: "10.0.0.1")
                let server = HTTPServer(host: host, address: SocketAddress(ip: "10.0.0.1", port: 80)) {
                    request in
                    await self.respond(request, host)
                }
                try await server.run()
            }
            let host = simulation.host("controller")
            try await host.clock.sleep(for: .milliseconds(1))
            let start = host.clock.now
            let configuration = CloudClient.Configuration(
                endpoint: Endpoint(host: "10.0.0.1", port: 80),
                timeout: .seconds(5)
            )
            let value = await body(host, CloudCaller(host: host, configuration: configuration))
            return (value, start.duration(to: host.clock.now))
        }
    }

    private func respond(_ request: HTTPServerRequest, _ host: Host) async -> HTTPServerResponse {
        let query = (request.head.path ?? "").split(separator: "?", maxSplits: 1).last ?? ""
        let pairs = PercentEncoding.pairs(query)
        let parameters = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        let call = Call(action: parameters["Action"] ?? "", parameters: parameters)
        let number = calls.withLock { calls in
            calls.append(call)
            return calls.filter { $0.action == call.action }.count
        }
        switch answer(call, number) {
        case .success(let json): return Self.response(200, json)
        case .refusal(let code):
            return Self.response(400, ["Code": .string(code), "Message": "no", "RequestId": "R"])
        case .silence:
            try? await host.clock.sleep(for: .seconds(60))
            return Self.response(200, [:])
        }
    }

    private static func response(_ status: Int, _ json: JSONValue) -> HTTPServerResponse {
        HTTPServerResponse(head: HTTPResponse(status: .init(code: status)), body: .bytes(json.bytes))
    }
}
