// SPDX-License-Identifier: Apache-2.0

/// A call that the cloud refuses: an error code with its HTTP status and a message.
///
/// Clients look for codes anywhere in an error's text, so a message never holds a code.
public struct CloudRefusal: Error, Sendable, Hashable {
    /// The error code, for example `ResourceNotFound.Listener`.
    public let code: String
    /// One sentence for people.
    public let message: String
    /// The HTTP status.
    public let status: Int

    /// Makes a refusal; without a status it has the one that goes with its code.
    public init(_ code: String, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status ?? Self.usualStatus(of: code)
    }

    /// The HTTP status that a family of codes has.
    ///
    /// - Source: the error lists of the API description; documented.
    static func usualStatus(of code: String) -> Int {
        switch code {
        case "ResourceNotFound.AScript", "ResourceNotFound.Eip": return 400
        case "ResourceNotAssociated.Acl": return 404
        case "InvalidAction.NotFound", "InvalidVersion", "InvalidAccessKeyId.NotFound": return 404
        case "InternalError": return 500
        case "ServiceUnavailable": return 503
        default: break
        }
        switch code.prefix(while: { $0 != "." }) {
        case "ResourceNotFound": return 404
        case "Forbidden", "NoPermission": return 403
        default: return 400
        }
    }
}

extension CloudRefusal {
    static func notFound(_ kind: ResourceKind) -> CloudRefusal {
        CloudRefusal("ResourceNotFound.\(kind.codeName)", "The specified \(kind.words) does not exist.")
    }

    static func incorrectStatus(_ kind: ResourceKind) -> CloudRefusal {
        CloudRefusal(
            "IncorrectStatus.\(kind.codeName)",
            "The status of the specified \(kind.words) does not allow this now."
        )
    }

    static func inUse(_ kind: ResourceKind) -> CloudRefusal {
        CloudRefusal("ResourceInUse.\(kind.codeName)", "The specified \(kind.words) is in use.")
    }

    static func denied(_ what: String, _ message: String) -> CloudRefusal {
        CloudRefusal("OperationDenied.\(what)", message)
    }

    /// A parameter that is missing.
    ///
    /// - Source: the gateway's style of code for it; which products use it is assumed.
    static func missing(_ parameter: String) -> CloudRefusal {
        CloudRefusal("Missing\(parameter)", "The parameter \(parameter) is required for this action.")
    }

    /// A parameter with a value that is not allowed.
    static func illegal(_ parameter: String, _ message: String? = nil) -> CloudRefusal {
        CloudRefusal(
            "IllegalParam.\(parameter)",
            message ?? "The value of the parameter \(parameter) is not valid."
        )
    }
}
