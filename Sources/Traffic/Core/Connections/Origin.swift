// SPDX-License-Identifier: Apache-2.0
import Ports

/// What requests must share to use one connection.
struct OriginKey: Sendable, Hashable {
    let scheme: RequestURL.Scheme
    let host: String
    let port: Int
    let serverName: String?

    init(_ request: TrafficRequest) {
        scheme = request.url.scheme
        host = request.url.host
        port = request.url.port
        serverName = request.serverName
    }
}

/// A place that requests go to: how its connections are opened and what they may carry.
struct Origin: Sendable {
    /// What is resolved.
    let name: String
    let port: Int
    /// What a certificate must be good for.
    let host: String
    /// One for each transport that is spoken, the one to try first in front.
    let options: [ConnectOptions]
    /// How a QUIC connection is opened that an answer told of; nil without TLS.
    let alternative: ConnectOptions?
    /// How many exchanges a connection is expected to carry at a time, while it is not open yet.
    let expectedStreams: Int

    init(_ request: TrafficRequest, _ use: ConnectionUse) {
        let url = request.url
        name = use.target?.name ?? url.host
        port = use.target?.port ?? url.port
        host = url.host
        switch url.scheme {
        case .http:
            let version = Self.plainVersion(use.versions)
            options = [ConnectOptions(plainVersion: version, timeout: use.connectTimeout)]
            alternative = nil
            expectedStreams = version == .http2 ? use.streamsPerConnection : 1
        case .https:
            let name = request.serverName ?? (url.isAddress ? "" : url.host)
            options = Self.secureOptions(use, serverName: name.isEmpty ? nil : name)
            alternative = ConnectOptions(
                transport: .quic,
                tls: ClientHello(serverName: name.isEmpty ? nil : name, applicationProtocols: ["h3"]),
                timeout: use.connectTimeout
            )
            let isMultiplexed = use.versions.contains(.http2) || use.versions.contains(.http3)
            expectedStreams = isMultiplexed ? use.streamsPerConnection : 1
        }
    }

    private static func plainVersion(_ versions: [HTTPVersion]) -> HTTPVersion {
        if versions.contains(.http11) { return .http11 }
        return versions.first { $0 != .http3 } ?? .http11
    }

    private static func secureOptions(_ use: ConnectionUse, serverName: String?) -> [ConnectOptions] {
        var options: [ConnectOptions] = []
        for version in use.versions {
            let transport: Transport = version == .http3 ? .quic : .tcp
            if let place = options.firstIndex(where: { $0.transport == transport }) {
                options[place].tls?.applicationProtocols.append(applicationProtocol(version))
                continue
            }
            let hello = ClientHello(
                serverName: serverName,
                applicationProtocols: [applicationProtocol(version)]
            )
            options.append(ConnectOptions(transport: transport, tls: hello, timeout: use.connectTimeout))
        }
        return options
    }

    /// The name of a version in the TLS handshake.
    private static func applicationProtocol(_ version: HTTPVersion) -> String {
        switch version {
        case .http10: "http/1.0"
        case .http11: "http/1.1"
        case .http2: "h2"
        case .http3: "h3"
        }
    }
}
