// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Asks a prompt handler, and holds its answers back until what they say is settled: all of one turn together.
final class PromptAnswers: Sendable {
    private typealias Held = (response: HTTPServerResponse, deliver: @Sendable (HTTPServerResponse) -> Void)

    private let handler: HTTPServer.PromptHandler
    private let settle: HTTPServer.Settling?
    private let network: any Network
    private let held = Mutex<[Held]>([])

    init(
        _ handler: @escaping HTTPServer.PromptHandler,
        _ settle: HTTPServer.Settling?,
        _ network: any Network
    ) {
        self.handler = handler
        self.settle = settle
        self.network = network
    }

    /// Answers a request, now or at the end of the turn.
    ///
    /// - Returns: False when the handler can not; then nothing is delivered.
    func answer(
        _ request: HTTPServerRequest,
        _ deliver: @escaping @Sendable (HTTPServerResponse) -> Void
    ) -> Bool {
        guard let response = handler(request) else { return false }
        guard settle != nil else {
            deliver(response)
            return true
        }
        let isFirst = held.withLock { held in
            held.append((response, deliver))
            return held.count == 1
        }
        if isFirst { network.afterPresentEvents { [self] in release() } }
        return true
    }

    private func release() {
        let answers = held.withLock { held in
            defer { held = [] }
            return held
        }
        let failure = settle?()
        for answer in answers { answer.deliver(failure ?? answer.response) }
    }
}
