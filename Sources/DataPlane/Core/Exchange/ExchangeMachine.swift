// SPDX-License-Identifier: Apache-2.0
import Ports

/// The life of one forwarded request: what happens goes in, what to do comes out.
///
/// - Source: documented: another server is tried when one cannot be reached and the method is idempotent; 502
///   when a server cuts the connection, 504 when it does not answer in time. That a kept connection which turns
///   out to be dead counts as one that cannot be reached is assumed.
struct ExchangeMachine: Sendable, Equatable {
    enum Event: Sendable {
        /// A connection to the server is there; `isKept` when it has carried a request before.
        case connected(isKept: Bool)
        case connectFailed(NetworkFailure)
        /// The client sent the end of its request.
        case requestEnded
        case answerBegan
        /// The server agreed to go on in another protocol.
        case tunnelOpened
        case answerEnded
        /// The server's connection ended, or it gave the exchange up.
        case serverLost
        /// The server sent something that is no answer.
        case answerMalformed
        /// The deadline of the present phase has passed.
        case deadlinePassed
        /// The server was removed and its time to drain is over.
        case drained
        /// It began under a configuration that has been replaced, and may not go on.
        case outdated
        case clientGone
        /// The client takes nothing of the answer.
        case clientStalled
        /// What the client sent of its body breaks the rules.
        case requestBroken(OwnAnswer)
    }

    enum Action: Sendable, Equatable {
        /// Nothing but passing on what came.
        case proceed
        case sendRequest
        /// Choose another server.
        case tryNext(OwnAnswer)
        /// Give the client an answer in place of the server's.
        case answer(OwnAnswer)
        /// The answer had begun: all that is left is to cut it off.
        case cutAnswer(OwnAnswer)
        case finish
        /// The client has gone: tell the server, and note it.
        case giveUp
    }

    private enum Phase: UInt8, Sendable {
        case connecting, waiting, answering, tunnelling, over
    }

    private var phase = Phase.connecting
    private(set) var isRequestWhole: Bool
    private let isIdempotent: Bool
    private var triesLeft: Int
    private var isOnKeptConnection = false

    init(isIdempotent: Bool, isRequestWhole: Bool, maximumTries: Int) {
        self.isIdempotent = isIdempotent
        self.isRequestWhole = isRequestWhole
        triesLeft = maximumTries - 1
    }

    /// True for methods that may be sent twice.
    static func isIdempotent(_ method: String) -> Bool {
        switch method {
        case "GET", "HEAD", "PUT", "DELETE", "OPTIONS": true
        default: false
        }
    }

    /// True once the client has had the beginning of the answer.
    var isAnswering: Bool { phase == .answering || phase == .tunnelling }

    /// True while no connection to the server is there.
    var isConnecting: Bool { phase == .connecting }

    mutating func on(_ event: Event) -> Action {
        guard phase != .over else { return .proceed }
        switch event {
        case .connected(let isKept):
            phase = .waiting
            isOnKeptConnection = isKept
            return .sendRequest
        case .connectFailed(let failure):
            return retry(or: OwnAnswer(connecting: failure))
        case .requestEnded:
            isRequestWhole = true
            return .proceed
        case .answerBegan:
            if phase == .waiting { phase = .answering }
            return .proceed
        case .tunnelOpened:
            phase = .tunnelling
            return .proceed
        case .answerEnded:
            phase = .over
            return .finish
        case .serverLost where phase == .tunnelling, .clientGone where phase == .tunnelling:
            phase = .over
            return .finish
        case .serverLost:
            // Nothing of an answer came on a kept connection: the server had closed it before it saw the request.
            if phase == .waiting, isOnKeptConnection { return retry(or: .serverReset) }
            return end(.serverReset)
        case .answerMalformed:
            return end(.badAnswer)
        case .deadlinePassed where phase == .tunnelling:
            return end(.tunnelIdle)
        case .deadlinePassed:
            return end(isRequestWhole ? .answerTimedOut : .requestTooSlow)
        case .drained:
            return end(.serverDrained)
        case .outdated:
            return end(.outdated)
        case .clientGone:
            phase = .over
            return .giveUp
        case .clientStalled:
            return end(.clientStalled)
        case .requestBroken(let answer):
            return end(answer)
        }
    }

    private mutating func retry(or answer: OwnAnswer) -> Action {
        guard isIdempotent, triesLeft > 0 else {
            phase = .over
            return .answer(answer)
        }
        triesLeft -= 1
        phase = .connecting
        return .tryNext(answer)
    }

    private mutating func end(_ answer: OwnAnswer) -> Action {
        defer { phase = .over }
        return isAnswering ? .cutAnswer(answer) : .answer(answer)
    }

    /// No other server was left to try.
    mutating func nobodyLeft() {
        phase = .over
    }
}
