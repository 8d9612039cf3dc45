// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports

/// The access log: a line for each request of a load balancer whose log is switched on.
extension NodeMachine {
    /// What the log will say of a request; nil when it is off.
    func logEntry(_ arrival: Arrival) -> AccessLogEntry? {
        let served = arrival.version.loadBalancer
        return served.configuration.accessLog.map {
            AccessLogEntry(arrival, target: $0, address: served.address, now: now)
        }
    }

    /// Logs a request that the load balancer answered by itself.
    func log(_ arrival: Arrival, status: Int, body: Int) {
        guard let entry = logEntry(arrival) else { return }
        entry.line.status = status
        entry.line.bodyBytes = body
        entry.line.requestTime = AccessLogEntry.seconds(.zero)
        host.trace.record(.accessLog(entry.line))
    }

    /// Logs a request that was forwarded, or was to be.
    func log(_ exchange: Exchange) {
        guard let entry = exchange.log else { return }
        entry.line.status = exchange.status
        entry.line.requestTime = AccessLogEntry.seconds(entry.began.duration(to: now))
        entry.line.readMilliseconds = AccessLogEntry.milliseconds(
            entry.began.duration(to: entry.wholeAt ?? now)
        )
        let servers = exchange.tried.filter { $0 !== exchange.backend } + [exchange.backend]
        entry.line.upstream = servers.map(\.label).joined(separator: ", ")
        if exchange.upstreamStatus > 0 { entry.line.upstreamStatus = String(exchange.upstreamStatus) }
        if let latency = exchange.latency {
            entry.line.upstreamTime = AccessLogEntry.seconds(latency)
            entry.line.writeMilliseconds = AccessLogEntry.milliseconds(
                exchange.began.advanced(by: latency).duration(to: now)
            )
        }
        host.trace.record(.accessLog(entry.line))
    }
}
