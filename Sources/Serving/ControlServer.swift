// SPDX-License-Identifier: Apache-2.0
import CloudServer
import HTTPTypes
import JSON
import KubernetesServer
import Ports

/// The control address: looks into the environment and makes things go wrong in it.
struct ControlServer: Sendable {
    let environment: Environment
    let trace: LiveTrace

    func handle(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let target = CloudGateway.originForm(request.head.path ?? "/")
        let path = target.prefix { $0 != "?" }
        let query = target.dropFirst(path.count).dropFirst()
        switch (request.head.method, path) {
        case (.get, "/trace"): return answer(200, traceEntries(query))
        case (.get, "/access-log"): return answer(200, accessLog(query))
        case (.post, "/reset"):
            return await environment.reset()
                ? answer(200, [:]) : answer(503, Self.error("everything is stopping"))
        case (.get, "/load-balancers"), (.post, "/faults"), (.delete, "/faults"):
            guard let life = environment.life else {
                return answer(503, Self.error("the environment is starting"))
            }
            if path == "/load-balancers" { return answer(200, life.loadBalancers()) }
            return faults(request, life)
        case (.post, "/explain"): return explain(request)
        case (_, "/trace"), (_, "/access-log"), (_, "/reset"), (_, "/load-balancers"), (_, "/faults"),
            (_, "/explain"):
            return answer(405, Self.error("\(path) does not answer \(request.head.method.rawValue)"))
        default:
            let known =
                "GET /load-balancers, POST /explain, POST /faults, DELETE /faults, POST /reset, GET /trace, "
                + "GET /access-log"
            return answer(404, Self.error("expected \(known), found \(request.head.method.rawValue) \(path)"))
        }
    }

    private func faults(_ request: HTTPServerRequest, _ life: EnvironmentLife) -> HTTPServerResponse {
        guard request.head.method == .post else {
            life.cloud.liftAll()
            life.kubernetes.setFaults(KubernetesFaults())
            return answer(200, [:])
        }
        do throws(FaultMistake) {
            let body: JSONValue
            do {
                body = try JSONValue(parsing: request.body)
            } catch {
                throw FaultMistake("\(error)")
            }
            let found = try FaultRequest(body, now: environment.now)
            for name in found.expired where !life.cloud.expireCertificate(name) {
                throw FaultMistake("certificates: there is no certificate \(name)")
            }
            for fault in found.cloud { life.cloud.inject(fault) }
            found.account?.make(in: life.cloud)
            if !found.kubernetes.isEmpty {
                var faults = life.kubernetes.faults
                for fault in found.kubernetes {
                    fault.add(to: &faults)
                    guard case .compaction(let match) = fault else { continue }
                    do {
                        try life.kubernetes.compactHistory(failing: match)
                    } catch {
                        throw FaultMistake("\(error)")
                    }
                }
                life.kubernetes.setFaults(faults)
            }
            return answer(
                200,
                [
                    "cloud": .integer(Int64(found.cloud.count)),
                    "kubernetes": .integer(Int64(found.kubernetes.count)),
                    "certificates": .integer(Int64(found.expired.count)),
                    "console": .array(found.console.map { $0.make(in: life.cloud) }),
                ]
            )
        } catch {
            return answer(400, Self.error(error.description))
        }
    }

    private static func value(_ name: String, in query: Substring) -> Substring? {
        query.split(separator: "&").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
    }

    private func explain(_ request: HTTPServerRequest) -> HTTPServerResponse {
        guard let life = environment.life else {
            return answer(503, Self.error("the environment is starting"))
        }
        do throws(ExplainMistake) {
            let body: JSONValue
            do {
                body = try JSONValue(parsing: request.body)
            } catch {
                throw ExplainMistake("\(error)")
            }
            let asked = try ExplainRequest(body)
            return answer(200, try life.explain(asked))
        } catch {
            return answer(400, Self.error(error.description))
        }
    }

    private func traceEntries(_ query: Substring) -> JSONValue {
        func number(_ name: String) -> UInt64? { Self.value(name, in: query).flatMap { UInt64($0) } }
        let count = Int(clamping: number("limit") ?? 20_000)
        return .array(trace.entries(after: number("after") ?? 0, count: count).map(\.json))
    }

    /// The lines of access logs as the log service has them, the oldest first; of one load balancer when it is named.
    private func accessLog(_ query: Substring) -> JSONValue {
        let wanted = Self.value("load-balancer", in: query)
        let after = Self.value("after", in: query).flatMap { UInt64($0) } ?? 0
        let lines = trace.entries(after: after, count: .max).compactMap { entry -> JSONValue? in
            guard case .accessLog(let line) = entry.event,
                wanted.map({ $0 == line.appLoadBalancerID }) ?? true
            else { return nil }
            return entry.logJSON
        }
        return .array(lines)
    }

    private static func error(_ message: String) -> JSONValue { ["error": .string(message)] }

    private func answer(_ status: Int, _ body: JSONValue) -> HTTPServerResponse {
        var head = HTTPResponse(status: HTTPResponse.Status(code: status))
        head.headerFields[.contentType] = "application/json"
        return HTTPServerResponse(head: head, body: .bytes(body.bytes))
    }
}
