// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// What a check sends and which answers are good.
///
/// - Source: documented; the gRPC method asked for is the standard health service's.
struct HealthProbe: Sendable {
    let address: SocketAddress
    let options: ConnectOptions
    /// nil for a TCP check, which is done when the connection is open.
    let request: HTTPRequest?
    /// From one check's beginning to the next.
    let interval: Duration
    /// How long a whole check may take: the interval counts when it is longer.
    let timeout: Duration
    private let configuration: HealthCheckConfiguration
    private var codes: [String] { configuration.codes }
    private let isGRPC: Bool

    init(_ check: HealthCheckConfiguration, server: SocketAddress) {
        address = SocketAddress(ip: server.ip, port: check.port == 0 ? server.port : check.port)
        interval = max(check.interval, .milliseconds(1))
        timeout = max(check.timeout, check.interval)
        configuration = check
        isGRPC = check.checkProtocol.lowercased() == "grpc"
        let isSecure = check.checkProtocol.uppercased() == "HTTPS"
        let version: HTTPVersion = isGRPC ? .http2 : check.httpVersion == "HTTP1.0" ? .http10 : .http11
        options = ConnectOptions(
            tls: isSecure ? ClientHello(applicationProtocols: ["http/1.1"]) : nil,
            plainVersion: version,
            timeout: timeout
        )
        if check.checkProtocol.uppercased() == "TCP" {
            request = nil
        } else {
            let method = isGRPC ? "POST" : check.method
            var head = HTTPRequest(
                method: HTTPRequest.Method(method) ?? .head,
                scheme: isSecure ? "https" : "http",
                authority: check.host == "$SERVER_IP" ? server.ip : check.host,
                path: isGRPC && check.path == "/" ? "/grpc.health.v1.Health/Check" : check.path
            )
            head.headerFields[.userAgent] = "SLBHealthCheck"
            if isGRPC {
                head.headerFields[.contentType] = "application/grpc"
                head.headerFields[.te] = "trailers"
            }
            request = head
        }
    }

    /// True when another check would be asked for.
    func isDifferent(from other: HealthProbe) -> Bool {
        address != other.address || configuration != other.configuration
    }

    /// What a check sends after its head: an empty message for gRPC.
    var body: [UInt8] { isGRPC ? [0, 0, 0, 0, 0] : [] }

    /// True when the verdict needs the end of the answer, where gRPC puts its status.
    var needsTrailers: Bool { isGRPC }

    /// What an answer's head says: nil when it is good.
    func verdict(on response: HTTPResponse) -> HealthReason? {
        let code = response.status.code
        let isGood = codes.contains { wanted in
            wanted == String(code) || wanted == "http_\(code / 100)xx"
        }
        return isGood ? nil : .mismatch
    }

    /// What the fields at the end of a gRPC answer say: nil when it is good.
    func verdict(onTrailers fields: HTTPFields) -> HealthReason? {
        guard let name = HTTPField.Name("grpc-status"), let status = fields[name] else { return .formatError }
        let wanted = codes.filter { Int($0) != nil }
        return (wanted.isEmpty ? ["0"] : wanted).contains(status) ? nil : .mismatch
    }

    /// The first instant of the check's rhythm at or after `now`.
    func nextBeat(after now: Instant, from start: Instant) -> Instant {
        let (passed, step) = (start.duration(to: now).nanoseconds, interval.nanoseconds)
        guard passed > 0 else { return start }
        return Instant(nanoseconds: start.nanoseconds + (passed + step - 1) / step * step)
    }
}
