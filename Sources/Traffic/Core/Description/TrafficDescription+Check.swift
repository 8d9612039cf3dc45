// SPDX-License-Identifier: Apache-2.0
import Ports

extension TrafficDescription {
    /// The sum of weights that an even mix is made for.
    static let totalWeightMax = 10_000

    /// Checks that the description can be followed.
    ///
    /// - Throws: `TrafficMistake` naming the first part that is wrong.
    public func check() throws(TrafficMistake) {
        try checkRequests()
        try checkLoad()
        try checkConnections()
        if let stream { try checkStream(stream) }
    }

    private func checkStream(_ use: StreamUse) throws(TrafficMistake) {
        let isSocket = use.kind == .websocket
        try expect(
            !isSocket || connections.versions == [.http11],
            "stream",
            "expected HTTP/1.1 alone, which a WebSocket's handshake needs"
        )
        try expect(
            isSocket || !connections.versions.contains { $0 == .http11 || $0 == .http10 },
            "stream",
            "expected HTTP/2 or HTTP/3, which gRPC needs"
        )
        let times = [use.messageInterval, use.hold, use.answerTimeout, use.reopensAfter].compactMap { $0 }
        try expect(times.allSatisfy { $0 > .zero }, "stream", "expected times above 0")
        try expect(use.messages.map { $0 > 0 } ?? true, "stream", "expected 1 message or more")
    }

    private func checkRequests() throws(TrafficMistake) {
        try expect(!requests.isEmpty, "requests", "expected at least one")
        try expect(requests.allSatisfy { $0.weight >= 0 }, "weight", "expected 0 or more")
        // Capped, so that no sum of weights can overflow.
        let total = requests.reduce(0) { $0 + min($1.weight, Self.totalWeightMax + 1) }
        try expect(total > 0, "weight", "expected at least one request with a weight above 0")
        try expect(
            total <= max(Self.totalWeightMax, requests.count) && requests.count <= 100_000,
            "weight",
            "expected weights that add up to \(Self.totalWeightMax) at most"
        )
        for request in requests where request.url.scheme == .http && connections.versions == [.http3] {
            throw TrafficMistake(part: "versions", reason: "expected https for HTTP/3, found \(request.url)")
        }
    }

    private func checkLoad() throws(TrafficMistake) {
        switch load {
        case .once: break
        case .every(let period):
            try expect(period > .zero, "every", "expected a time above 0, found \(period.inSeconds) s")
        case .constant(let rate):
            try expect(
                (0.000_001...1_000_000).contains(rate),
                "rate",
                "expected 0.000001 to 1000000 a second, found \(rate)"
            )
        }
        try expect(delay >= .zero, "delay", "expected 0 or more")
        try expect(lasting.map { $0 > .zero } ?? true, "lasting", "expected a time above 0")
        try expect(count.map { $0 > 0 } ?? true, "count", "expected 1 or more")
        try expect((1...100_000).contains(clients), "clients", "expected 1 to 100000, found \(clients)")
        try expect(requestTimeout > .zero, "requestTimeout", "expected a time above 0")
        try expect(
            (0...50).contains(redirectLimit),
            "redirectLimit",
            "expected 0 to 50, found \(redirectLimit)"
        )
    }

    private func checkConnections() throws(TrafficMistake) {
        let use = connections
        try expect(!use.versions.isEmpty, "versions", "expected at least one version of HTTP")
        try expect(
            use.requestsPerConnection.map { $0 > 0 } ?? true,
            "requestsPerConnection",
            "expected 1 or more"
        )
        try expect(
            use.connectionsPerClient.map { $0 > 0 } ?? true,
            "connectionsPerClient",
            "expected 1 or more"
        )
        try expect(use.streamsPerConnection > 0, "streamsPerConnection", "expected 1 or more")
        try expect(use.connectTimeout > .zero, "connectTimeout", "expected a time above 0")
        try expect(use.idleTimeout > .zero, "idleTimeout", "expected a time above 0")
        if let port = use.target?.port {
            try expect(
                (1...65_535).contains(port),
                "target",
                "expected a port from 1 to 65535, found \(port)"
            )
        }
    }

    private func expect(_ isRight: Bool, _ part: String, _ reason: String) throws(TrafficMistake) {
        if !isRight { throw TrafficMistake(part: part, reason: reason) }
    }
}
