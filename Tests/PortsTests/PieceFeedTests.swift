// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization
import Testing

@testable import Ports

/// Keeps what came out of a feed.
private final class Sunk: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func take(_ piece: [UInt8], _ isLast: Bool) {
        texts.withLock { $0.append(isLast ? "end" : String(decoding: piece, as: UTF8.self)) }
    }
}

@Suite struct PieceFeedTests {
    private let sunk = Sunk()

    private func push(_ text: String, _ feed: PieceFeed) -> Bool { feed.push(Array(text.utf8)) }

    @Test func `what was pushed before the connection is there goes first`() {
        let feed = PieceFeed(limit: 2)
        #expect(push("a", feed))
        feed.attach(sunk.take)
        #expect(push("b", feed))
        feed.finish()
        #expect(!push("c", feed))
        #expect(sunk.all == ["a", "b", "end"])
    }

    @Test func `a client that takes nothing makes pieces wait until there are too many`() {
        let feed = PieceFeed(limit: 2)
        feed.attach(sunk.take)
        feed.stall()
        #expect(push("a", feed))
        #expect(push("b", feed))
        #expect(!push("c", feed))
        feed.finish()
        #expect(sunk.all.isEmpty)
        feed.flow()
        #expect(sunk.all == ["a", "b", "end"])
    }

    @Test func `pieces are changed as they are sent`() {
        let feed = PieceFeed(limit: 2)
        #expect(push("a", feed))
        feed.map { $0 + $0 }
        feed.attach(sunk.take)
        #expect(push("b", feed))
        #expect(sunk.all == ["aa", "bb"])
    }
}

/// A network that ends its turns when it is told to.
private final class TurningNetwork: Network {
    private let actions = Mutex<[@Sendable () -> Void]>([])

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening { throw .refused }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {}

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {}

    func claim(ip: String) {}
    func release(ip: String) {}

    func afterPresentEvents(_ action: @escaping @Sendable () -> Void) {
        actions.withLock { $0.append(action) }
    }

    func endTurn() -> Int {
        let due = actions.withLock { actions in
            defer { actions = [] }
            return actions
        }
        for action in due { action() }
        return due.count
    }
}

@Suite struct PromptAnswerTests {
    private let network = TurningNetwork()

    private func request() -> HTTPServerRequest {
        HTTPServerRequest(
            head: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/"),
            body: [],
            facts: ConnectionFacts(
                id: 1,
                client: SocketAddress(ip: "10.0.0.2", port: 1),
                server: SocketAddress(ip: "10.0.0.1", port: 80),
                transport: .tcp,
                version: .http11,
                tls: nil
            )
        )
    }

    @Test func `answers of one turn go out together, behind one settling`() {
        let settled = Atomic<Int>(0)
        let delivered = Atomic<Int>(0)
        let answers = PromptAnswers(
            { _ in HTTPServerResponse(head: HTTPResponse(status: .ok)) },
            {
                settled.add(1, ordering: .relaxed)
                return settled.load(ordering: .relaxed) == 2
                    ? HTTPServerResponse(head: HTTPResponse(status: .internalServerError)) : nil
            },
            network
        )
        for _ in 0..<3 {
            #expect(answers.answer(request()) { _ in delivered.add(1, ordering: .relaxed) })
        }
        #expect(delivered.load(ordering: .relaxed) == 0)
        #expect(network.endTurn() == 1)
        #expect(delivered.load(ordering: .relaxed) == 3)
        #expect(settled.load(ordering: .relaxed) == 1)
        // What could not be settled is not said.
        let status = Atomic<Int>(0)
        #expect(answers.answer(request()) { status.store($0.head.status.code, ordering: .relaxed) })
        #expect(network.endTurn() == 1)
        #expect(status.load(ordering: .relaxed) == 500)
    }

    @Test func `what the handler can not answer is left to others`() {
        let answers = PromptAnswers({ _ in nil }, { nil }, network)
        #expect(!answers.answer(request()) { _ in })
        #expect(network.endTurn() == 0)
    }
}
