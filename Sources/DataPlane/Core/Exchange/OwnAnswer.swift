// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// An answer that the load balancer gives in place of a server's, each for its own reason.
///
/// - Source: the status codes are documented; what a refused address sees is not, 403 is assumed, and so is the
///   text of the page.
enum OwnAnswer: Sendable, Hashable, CaseIterable {
    case malformed, headersTooLarge, plainText, forbidden, methodNotAllowed, requestTooSlow, targetTooLong
    case bodyTooLarge, loop
    case clientGone, clientStalled
    case noFinalAction
    case serverRefused, serverUnreachable, serverHandshakeFailed, serverReset, badAnswer, serverDrained
    case outdated
    case noServers, noGroup, limited
    case connectTimedOut, answerTimedOut, tunnelIdle
    case listenerGone

    private typealias Row = (status: Int, phrase: String, reason: String)

    private var row: Row {
        switch self {
        case .malformed: (400, "Bad Request", "malformed request")
        case .headersTooLarge: (400, "Bad Request", "header fields too large")
        case .plainText: (400, "Bad Request", "plain HTTP on a TLS port")
        case .forbidden: (403, "Forbidden", "refused by access control")
        case .methodNotAllowed: (405, "Not Allowed", "method not allowed")
        case .requestTooSlow: (408, "Request Timeout", "client too slow")
        case .targetTooLong: (414, "Request-URI Too Large", "target too long")
        case .bodyTooLarge: (413, "Request Entity Too Large", "body too large")
        case .loop: (463, "", "loop")
        case .clientGone: (499, "", "client closed first")
        case .clientStalled: (499, "", "client takes nothing")
        case .noFinalAction: (500, "Internal Server Error", "no final action")
        case .serverRefused: (502, "Bad Gateway", "server refused the connection")
        case .serverUnreachable: (502, "Bad Gateway", "server unreachable")
        case .serverHandshakeFailed: (502, "Bad Gateway", "handshake with server failed")
        case .serverReset: (502, "Bad Gateway", "server cut the connection")
        case .badAnswer: (502, "Bad Gateway", "malformed answer")
        case .serverDrained: (502, "Bad Gateway", "drain timeout of a removed server")
        case .outdated: (502, "Bad Gateway", "began under an older configuration")
        case .noServers: (503, "Service Temporarily Unavailable", "no server to forward to")
        case .noGroup: (503, "Service Temporarily Unavailable", "no server group with a share")
        case .limited: (503, "Service Temporarily Unavailable", "traffic limit")
        case .connectTimedOut: (504, "Gateway Time-out", "connect timed out")
        case .answerTimedOut: (504, "Gateway Time-out", "no answer in time")
        case .tunnelIdle: (504, "Gateway Time-out", "idle for too long after switching protocols")
        case .listenerGone: (503, "Service Temporarily Unavailable", "listener removed")
        }
    }

    /// The status that the client gets.
    var status: Int { row.status }

    /// True when the connection is of no more use, since the client breaks the rules.
    var endsConnection: Bool { [.malformed, .headersTooLarge, .targetTooLong].contains(self) }

    /// Why, as the trace says it.
    var reason: String { row.reason }

    /// What the client gets; nil when nobody is there to get it.
    var page: (head: HTTPResponse, body: [UInt8])? {
        let (status, phrase, _) = row
        if self == .clientGone || self == .clientStalled { return nil }
        let title = "\(status) \(phrase)"
        let text =
            self == .loop
            ? ""
            : "<html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1></center>\r\n"
                + "</body>\r\n</html>\r\n"
        let body = Array(text.utf8)
        var fields: HTTPFields = [.server: "ALB", .contentLength: String(body.count)]
        if !body.isEmpty { fields[.contentType] = "text/html" }
        if self == .limited { fields.append(HTTPField(name: .albLimited, value: "Limited")) }
        return (
            HTTPResponse(
                status: HTTPResponse.Status(code: status, reasonPhrase: phrase),
                headerFields: fields
            ), body
        )
    }

    /// Why a server could not be reached.
    init(connecting failure: NetworkFailure) {
        switch failure {
        case .timedOut: self = .connectTimedOut
        case .refused: self = .serverRefused
        case .tlsAlert: self = .serverHandshakeFailed
        case .unreachable, .unsupported, .unresolved: self = .serverUnreachable
        case .reset, .closed, .stopped: self = .serverReset
        }
    }

    /// Why a client's bytes are no request.
    init(_ fault: MessageFault) {
        switch fault {
        case .malformed: self = .malformed
        case .targetTooLong: self = .targetTooLong
        case .fieldsTooLarge: self = .headersTooLarge
        case .bodyTooLarge: self = .bodyTooLarge
        case .plainText: self = .plainText
        }
    }
}
