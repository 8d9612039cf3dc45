// SPDX-License-Identifier: Apache-2.0
import Certificates
import DequeModule
import Ports

/// Connections open: names, addresses, certificates.
extension TrafficMachine {
    /// Opens as many connections as the requests that wait need, beside those being opened.
    mutating func openWhatIsNeeded(_ pool: Int, client: Int, origin: Int, at now: Instant) {
        let most = description.connections.connectionsPerClient ?? .max
        let streams = expectedStreams(origin)
        while pools[pool].waiting.count > pools[pool].opening.multipliedOrMax(streams),
            pools[pool].count < most
        {
            pools[pool].opening += 1
            pools[pool].count += 1
            let id = connections.insert(
                PooledConnection(
                    client: client,
                    origin: origin,
                    pool: pool,
                    idleTimeout: drawnIdleTimeout(),
                    at: now
                )
            )
            act(.resolve(origins[origin].name, id))
        }
    }

    /// How many requests a connection that is being opened will take.
    private func expectedStreams(_ origin: Int) -> Int {
        min(origins[origin].expectedStreams, description.connections.requestsPerConnection ?? .max)
    }

    /// A name's addresses came, or none.
    mutating func resolved(_ id: ConnectionID, _ answer: Result<[String], NetworkFailure>, at now: Instant) {
        guard let connection = connections[id] else { return }
        let origin = origins[connection.origin]
        let addresses = (try? answer.get()) ?? []
        guard !addresses.isEmpty else {
            if connection.alternativePort != nil { return alternativeFailed(id, at: now) }
            var failure = NetworkFailure.unresolved(origin.name)
            if case .failure(let said) = answer { failure = said }
            return openingFailed(id, .network(failure), at: now)
        }
        let first = pools[connection.pool].nextAddress % addresses.count
        pools[connection.pool].nextAddress &+= 1
        let turned = addresses[first...] + addresses[..<first]
        let ip = localIP(of: connection.client)
        let ways =
            connection.alternativePort == nil ? origin.options : [origin.alternative].compactMap { $0 }
        let candidates = ways.flatMap { options in
            turned.map { address in
                var options = options
                options.localIP = ip
                return PooledConnection.Candidate(
                    address: SocketAddress(ip: address, port: connection.alternativePort ?? origin.port),
                    options: options
                )
            }
        }
        let tried = description.connections.triesNextAddress ? candidates.count : 1
        connections.update(id) { $0.candidates = candidates.prefix(tried) }
        connectNext(id, at: now)
    }

    private mutating func connectNext(_ id: ConnectionID, at now: Instant) {
        let candidate = connections.update(id) { connection in
            connection.candidate = connection.candidates.popFirst()
            connection.begun = now
            return connection.candidate
        }
        if let candidate = candidate ?? nil { act(.connect(candidate.address, candidate.options, id)) }
    }

    /// A connection could not be opened.
    mutating func failed(_ id: ConnectionID, _ failure: NetworkFailure, at now: Instant) {
        guard let connection = connections[id] else { return }
        if connection.alternativePort != nil {
            record(connection, RequestOutcome.network(failure).words, nil, at: now)
            return alternativeFailed(id, at: now)
        }
        switch failure {
        case .refused, .unreachable, .timedOut, .reset:
            guard !connection.candidates.isEmpty else { break }
            record(connection, RequestOutcome.network(failure).words, nil, at: now)
            counts.connectionsFailed += 1
            return connectNext(id, at: now)
        default: break
        }
        openingFailed(id, .network(failure), at: now)
    }

    /// A connection is open, as far as the network is concerned; the client looks at the certificate.
    mutating func opened(_ id: ConnectionID, _ facts: ConnectionFacts, at now: Instant) {
        guard let connection = connections[id] else { return }
        let certificate = facts.tls.map {
            (try? CertificateFacts.of($0.serverCertificate))?.label ?? "unreadable"
        }
        connections.update(id) { connection in
            connection.number = Int64(truncatingIfNeeded: facts.id)
            connection.certificate = certificate ?? ""
        }
        if let tls = facts.tls, description.connections.verifiesCertificates {
            let host = origins[connection.origin].host
            if case .invalid(let failure) = verifier.verify(tls.serverCertificate, host: host, at: now) {
                if connection.alternativePort != nil {
                    record(connection, RequestOutcome.certificate(failure).words, facts, at: now)
                    alternativeFailed(id, at: now)
                } else {
                    openingFailed(id, .certificate(failure), facts, at: now)
                }
                return act(.close(id))
            }
        }
        if let present = connections[id] { record(present, "open", facts, at: now) }
        counts.connectionsOpened += 1
        if connection.alternativePort == nil { pools[connection.pool].opening -= 1 }
        let use = description.connections
        connections.update(id) { connection in
            connection.isOpen = true
            connection.candidate = nil
            connection.candidates = []
            connection.isMultiplexed = facts.version == .http2 || facts.version == .http3
            connection.streams = connection.isMultiplexed ? use.streamsPerConnection : 1
            connection.limit = use.requestsPerConnection.map { UInt64($0) } ?? .max
            connection.lastHeard = now
            if facts.transport == .quic, description.clientAddresses.count > 1 {
                connection.migratesAt = use.migratesAfter.map { now.advanced(by: $0) }
            }
        }
        release(id, isNew: true, at: now)
        if connection.alternativePort != nil { goOver(to: id, at: now) }
        openWhatIsNeeded(connection.pool, client: connection.client, origin: connection.origin, at: now)
        if phase == .over || phase == .stopped, requests.count == 0 { close(id, at: now) }
    }

    /// No connection came of it: the requests that it was opened for fail.
    private mutating func openingFailed(
        _ id: ConnectionID,
        _ outcome: RequestOutcome,
        _ facts: ConnectionFacts? = nil,
        at now: Instant
    ) {
        guard let connection = connections[id] else { return }
        record(connection, outcome.words, facts, at: now)
        counts.connectionsFailed += 1
        connections.remove(id)
        let (pool, streams) = (connection.pool, expectedStreams(connection.origin))
        pools[pool].opening -= 1
        pools[pool].count -= 1
        let cared = pools[pool].opening.multipliedOrMax(streams)
        for _ in 0..<min(streams, max(0, pools[pool].waiting.count - cared)) {
            guard let request = pools[pool].waiting.popFirst() else { break }
            end(request, outcome, at: now)
        }
        openWhatIsNeeded(pool, client: connection.client, origin: connection.origin, at: now)
    }

    private mutating func record(
        _ connection: PooledConnection,
        _ outcome: String,
        _ facts: ConnectionFacts?,
        at now: Instant
    ) {
        let candidate = connection.candidate
        let record = ConnectionRecord(
            id: connection.number,
            traffic: description.name,
            client: facts?.client.description ?? localIP(of: connection.client) ?? "",
            server: candidate?.address.description ?? origins[connection.origin].name,
            transport: candidate?.options.transport.rawValue ?? "",
            version: facts?.version.rawValue ?? "",
            serverName: candidate?.options.tls?.serverName ?? "",
            certificate: connection.certificate,
            outcome: outcome,
            duration: .nanoseconds(now.nanoseconds - connection.begun.nanoseconds)
        )
        act(.connection(record))
    }
}

extension Int {
    fileprivate func multipliedOrMax(_ other: Int) -> Int {
        let (product, isTooLarge) = multipliedReportingOverflow(by: other)
        return isTooLarge ? .max : product
    }
}
