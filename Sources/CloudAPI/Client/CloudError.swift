// SPDX-License-Identifier: Apache-2.0
public import Ports

/// Why a cloud call failed, as its caller sees it.
public enum CloudError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The cloud refused it: HTTP status, error code, message, request id.
    case refused(status: Int, code: String, message: String, requestID: String)
    /// No whole answer came; the call may have had its effect all the same.
    case lost(NetworkFailure)
    /// The answer was not what the API describes.
    case malformed(String)

    /// The error code; empty when there is none.
    public var code: String {
        if case .refused(_, let code, _, _) = self { code } else { "" }
    }

    /// One line that says what happened.
    public var description: String {
        switch self {
        case .refused(let status, let code, let message, let requestID):
            "\(code): \(message) (status \(status), request id \(requestID))"
        case .lost(let failure): "no answer from the cloud: \(failure)"
        case .malformed(let what): "the cloud's answer could not be read: \(what)"
        }
    }
}
