// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// What a failed cloud call asks for.
///
/// - Source: the vendor's error pages and the retries of its clients; documented and seen upstream.
enum FailureClass: Sendable, Hashable {
    /// Too many calls, or the cloud is busy: the same call later.
    case busy
    /// Something is being changed at this moment: the same call when that is over.
    case changing
    /// Something still refers to it: the same call when that is gone.
    case inUse
    /// No answer came; the call may have had its effect.
    case unanswered
    /// What it is about does not exist.
    case absent
    /// It is there already.
    case present
    /// The same call will be refused again.
    case refused

    /// Beginnings of error codes, the first that fits counts.
    private static let table: [(prefix: String, failure: FailureClass)] = [
        ("Throttling", .busy), ("Rejected.Throttling", .busy), ("SystemBusy", .busy),
        ("ServiceUnavailable", .busy),
        ("InternalError", .busy), ("IdempotenceProcessing", .busy), ("LockFailed", .busy),
        ("IncorrectStatus.", .changing), ("ResourceInConfiguring", .changing),
        ("VipStatusNotSupport", .changing),
        ("Conflict.Lock", .changing),
        ("ResourceInUse.", .inUse),
        ("ResourceNotFound.", .absent), ("ResourceNotAssociated.", .absent), ("NotFound", .absent),
        ("ResourceAlreadyExist.", .present), ("ResourceAlreadyAssociated.", .present),
        ("Conflict.BackendServer", .present),
    ]

    /// The class of a failure.
    static func of(_ error: CloudError) -> FailureClass {
        switch error {
        case .lost: return .unanswered
        case .malformed: return .busy
        case .refused(let status, let code, _, _):
            if let row = table.first(where: { code.hasPrefix($0.prefix) }) { return row.failure }
            return status >= 500 || status == 429 ? .busy : .refused
        }
    }

    /// How long and how often the same call is tried again at once; nil for not at all.
    var patience: Patience? {
        switch self {
        case .busy: Patience(first: .seconds(1), last: .seconds(8), limit: .seconds(60))
        case .changing: Patience(first: .seconds(1), last: .seconds(2), limit: .seconds(60))
        case .inUse: Patience(first: .seconds(2), last: .seconds(2), limit: .seconds(50))
        case .unanswered: Patience(first: .seconds(1), last: .seconds(8), limit: .seconds(60))
        case .absent, .present, .refused: nil
        }
    }

    /// True when a later pass may succeed although nothing else changes.
    var isTemporary: Bool { patience != nil }
}

/// How to wait between tries: the first pause, doubled up to the last, all within a limit.
struct Patience: Sendable, Hashable {
    var first: Duration
    var last: Duration
    var limit: Duration
}

/// How often and how long to look whether something is over.
///
/// - Source: the waits of the open-source controller; seen upstream. The limits are longer here, since what
///   comes after would only fail.
struct Polling: Sendable, Hashable {
    var interval: Duration
    var limit: Duration

    static let loadBalancer = Polling(interval: .seconds(2), limit: .seconds(300))
    /// For the job of a call: servers take their time; a listener that is stuck must not keep the others of its
    /// load balancer waiting.
    static func job(of action: String) -> Polling {
        Polling(interval: .seconds(1), limit: action.contains("Servers") ? .seconds(120) : .seconds(30))
    }
    static let health = Polling(interval: .seconds(2), limit: .seconds(3600))

    // The waits of the open-source controller as they are.
    static let upstreamLoadBalancer = Polling(interval: .seconds(2), limit: .seconds(20))
    static let upstreamListener = Polling(interval: .seconds(1), limit: .seconds(15))
    static let upstreamServerGroup = Polling(interval: .seconds(1), limit: .seconds(10))
    static let upstreamJob = Polling(interval: .seconds(1), limit: .seconds(60))
}
