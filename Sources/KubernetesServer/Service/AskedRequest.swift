// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// A request whose line has been read.
struct AskedRequest {
    let request: HTTPServerRequest
    let target: RequestTarget
    let route: Route
    /// Who asks, by the name that its user agent begins with.
    let client: String
    /// What is wanted of objects; nil when the method does not fit the path, and for other paths.
    let knownVerb: Verb?
    /// What is wanted, in a word: the verb, or the method.
    let verb: String
    let began: Instant
    /// What it is asked for, as the asker says.
    let origin: TraceID
    /// The newest revision before it was answered, and the newest then.
    var revisions: (before: Int64, after: Int64) = (0, 0)

    init(_ request: HTTPServerRequest, at now: Instant) {
        self.request = request
        began = now
        origin = Origin.of(request.head.headerFields)
        target = RequestTarget(request.head.path ?? "/")
        route = Route(target.segments)
        client = Self.client(request.head.headerFields.value(of: .userAgent))
        if case .resource(let path) = route {
            knownVerb = Verb(
                method: request.head.method.rawValue,
                path: path,
                isWatch: target.truth("watch") ?? false
            )
        } else {
            knownVerb = nil
        }
        verb = knownVerb?.rawValue ?? request.head.method.rawValue.lowercased()
    }

    private static func client(_ userAgent: String?) -> String {
        guard let userAgent, !userAgent.isEmpty else { return "unknown" }
        return String(userAgent.prefix { $0 != "/" && $0 != " " })
    }
}

extension HTTPField.Name {
    static let upgrade = HTTPField.Name("Upgrade")
    static let warning = HTTPField.Name("Warning")
    static let impersonatedUser = HTTPField.Name("Impersonate-User")
    static let impersonatedGroup = HTTPField.Name("Impersonate-Group")
    static let impersonatedUID = HTTPField.Name("Impersonate-Uid")
}
