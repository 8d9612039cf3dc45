// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

@Suite struct HealthTests {
    @Test func `a new server is healthy after its threshold of good checks`() {
        var machine = HealthMachine(healthyThreshold: 3, unhealthyThreshold: 2)
        #expect([nil, nil, nil].map { machine.record($0) } == [false, false, true])
        #expect(machine.state == .healthy)
        #expect(machine.isSteady)
    }

    @Test func `one bad check in between starts the count again`() {
        var machine = HealthMachine(healthyThreshold: 2, unhealthyThreshold: 3)
        #expect([nil, .mismatch, nil].map { machine.record($0) } == [false, false, false])
        #expect([nil].map { machine.record($0) } == [true])
    }

    @Test func `a healthy server turns after its threshold of bad checks in a row`() {
        var machine = HealthMachine(state: .healthy, healthyThreshold: 2, unhealthyThreshold: 2)
        #expect([.connectFailed, nil, .connectFailed].map { machine.record($0) } == [false, false, false])
        #expect(!machine.isSteady)
        #expect([.receiveTimeout].map { machine.record($0) } == [true])
        #expect(machine.state == .unhealthy)
        #expect(machine.reason == .receiveTimeout)
    }

    @Test func `a probe takes the server's port and address where none is set`() throws {
        let probe = HealthProbe(HealthCheckConfiguration(), server: SocketAddress(ip: "10.0.0.7", port: 8080))
        #expect(probe.address == SocketAddress(ip: "10.0.0.7", port: 8080))
        let request = try #require(probe.request)
        #expect(request.method == .head)
        #expect(request.authority == "10.0.0.7")
        let other = HealthProbe(
            HealthCheckConfiguration(
                checkProtocol: "TCP",
                port: 9,
                timeout: .seconds(1),
                interval: .seconds(4)
            ),
            server: SocketAddress(ip: "10.0.0.7", port: 8080)
        )
        #expect(other.address.port == 9)
        #expect(other.request == nil)
        #expect(other.timeout == .seconds(4))
    }

    @Test func `answers are good by their class`() {
        let probe = HealthProbe(
            HealthCheckConfiguration(codes: ["http_2xx", "http_3xx"]),
            server: SocketAddress(ip: "10.0.0.7", port: 80)
        )
        #expect(probe.verdict(on: HTTPResponse(status: .ok)) == nil)
        #expect(probe.verdict(on: HTTPResponse(status: .found)) == nil)
        #expect(probe.verdict(on: HTTPResponse(status: .notFound)) == .mismatch)
    }

    @Test func `a gRPC answer is judged by its status`() {
        let probe = HealthProbe(
            HealthCheckConfiguration(checkProtocol: "gRPC", codes: ["0", "12"]),
            server: SocketAddress(ip: "10.0.0.7", port: 80)
        )
        #expect(probe.options.plainVersion == .http2)
        #expect(probe.verdict(onTrailers: [name("grpc-status"): "12"]) == nil)
        #expect(probe.verdict(onTrailers: [name("grpc-status"): "2"]) == .mismatch)
        #expect(probe.verdict(onTrailers: [:]) == .formatError)
    }

    @Test func `a check that is taken up again keeps its beat`() {
        let probe = HealthProbe(HealthCheckConfiguration(), server: SocketAddress(ip: "10.0.0.7", port: 80))
        let start = Instant(seconds: 100)
        #expect(probe.nextBeat(after: Instant(seconds: 100), from: start) == start)
        #expect(
            probe.nextBeat(after: Instant(nanoseconds: 100_000_000_001), from: start) == Instant(seconds: 102)
        )
        #expect(probe.nextBeat(after: Instant(seconds: 106), from: start) == Instant(seconds: 106))
    }
}
