// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Traffic
import Worlds

extension TrafficDescription {
    /// The traffic that a scenario describes.
    ///
    /// - Parameters:
    ///   - spec: The description.
    ///   - albConfig: The AlbConfig whose load balancer is meant when the description names none.
    ///   - kept: Header fields that expectations ask for.
    init(_ spec: TrafficSpec, albConfig: String?, keeping kept: [String]) {
        self.init(
            name: spec.name,
            requests: spec.requests.map { TrafficRequest($0, headers: spec.headers, body: spec.body) },
            load: .every(spec.interval),
            delay: spec.from,
            lasting: spec.until.map { max(.zero, $0 - spec.from) },
            clients: spec.clients,
            connections: ConnectionUse(
                spec.protocol,
                albConfig: spec.albConfig ?? albConfig,
                retries: spec.retriesOnNewConnection,
                requestsPerConnection: spec.connections == .new || spec.stream?.kind == .websocket ? 1 : nil
            ),
            requestTimeout: spec.timeout,
            keptHeaders: kept
        )
        if let stream = spec.stream { hold(stream, spec.protocol, isPaced: spec.count == nil) }
        count = spec.count
        clientAddresses = spec.addresses
        connections.migratesAfter = spec.moves
        keepsCookies = spec.keepsCookies
        arrivals = spec.arrivals == .random ? .poisson : .regular
        selection =
            switch spec.selection {
            case .turn: .rotation
            case .random: .random
            case .all: .all
            }
    }

    /// Requests open streams.
    private mutating func hold(
        _ spec: StreamSpec,
        _ clientProtocol: TrafficSpec.ClientProtocol,
        isPaced: Bool
    ) {
        stream = StreamUse(
            kind: spec.kind == .websocket ? .websocket : .grpc,
            messageInterval: spec.message,
            messages: spec.messages,
            hold: spec.hold,
            answerTimeout: spec.answerWithin
        )
        switch spec.again {
        case .after(let pause)?: stream?.reopensAfter = pause
        case .never?: stream?.reopensAfter = nil
        case nil: stream?.reopensAfter = isPaced ? nil : .seconds(1)
        }
        connections.versions =
            switch spec.kind {
            case .websocket: [.http11]
            case .grpc: [clientProtocol == .h3 ? .http3 : .http2]
            }
    }

    /// The traffic of a step that sends single requests.
    init(_ probe: ProbeSpec, albConfig: String?, keeping kept: [String]) {
        self.init(
            name: probe.name,
            requests: [TrafficRequest(probe.request, headers: probe.headers, body: probe.body)],
            load: .once,
            connections: ConnectionUse(
                probe.protocol,
                albConfig: probe.albConfig ?? albConfig,
                retries: false,
                requestsPerConnection: 1
            ),
            requestTimeout: probe.timeout,
            keptHeaders: kept
        )
    }
}

extension TrafficRequest {
    init(_ line: RequestLine, headers: [HeaderField], body: String) {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) {
                fields.append(HTTPField(name: name, value: header.value))
            }
        }
        self.init(
            method: HTTPRequest.Method(line.method) ?? .get,
            url: RequestURL(
                scheme: line.isSecure ? .https : .http,
                host: line.host,
                port: line.port,
                path: line.path
            ),
            headerFields: fields,
            body: Array(body.utf8)
        )
    }
}

extension ConnectionUse {
    init(
        _ clientProtocol: TrafficSpec.ClientProtocol,
        albConfig: String?,
        retries: Bool,
        requestsPerConnection: Int?
    ) {
        let versions: [HTTPVersion] =
            switch clientProtocol {
            case .auto, .browser: [.http2, .http11]
            case .h1: [.http11]
            case .h2: [.http2]
            case .h3: [.http3]
            }
        self.init(
            target: albConfig.map { ConnectTarget(name: World.alias(albConfig: $0)) },
            versions: versions,
            requestsPerConnection: requestsPerConnection,
            followsAlternatives: clientProtocol == .browser,
            retriesOnNewConnection: retries
        )
    }
}
