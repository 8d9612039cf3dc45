// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Synchronization

/// The process in a container, as the network sees it: listens on the pod's address and answers by its script.
///
/// It is an event machine on the network port: a request costs a look-up, a timer and a frame, no task.
final class ContainerProcess: Sendable {
    struct Client {
        let connection: any Connection
        /// Exchanges whose answer is under way, in the order in which they came.
        var open: [UInt64] = []
        /// Exchanges whose request is not whole yet: the place of their answer, and whether it has a body.
        var incoming: [UInt64: Request] = [:]
    }

    struct Request {
        var place: Int?
        var wantsBody: Bool
        /// Fields that the answer tells again.
        var echo: [HTTPField] = []
        /// Method and target, when the process prints its requests.
        var printed: String?
    }

    struct State {
        var script: PodScript
        var answers: PodAnswers
        var random: RandomStream
        var listeners: [any Listening] = []
        /// Where a program of this machine answers in this process' place.
        var redirected: [SocketAddress] = []
        var clients: [UInt64: Client] = [:]
        /// Streams that are open; looked up, and gone through in the order of their names.
        var streams: [StreamKey: PodStream] = [:]
        /// Requests that a hanging process has taken and not looked at.
        var unseen: [(client: UInt64, exchange: UInt64, request: Request)] = []
        var openCount = 0
        /// When a process with a limited capacity is free again.
        var free = Instant(nanoseconds: 0)
        /// Called once when what is open is finished; set while it drains.
        var drained: (@Sendable () -> Void)?
        var isGone = false
    }

    let host: Host
    let state: Mutex<State>
    private let log: ContainerLog?

    /// Makes a process; it listens when `listen` is called.
    ///
    /// - Parameters:
    ///   - host: The node.
    ///   - name: The pod's name, told in `x-served-by`.
    ///   - image: The container's image, told in `x-image`.
    ///   - script: How it behaves.
    ///   - random: Where it draws latencies and errors from.
    ///   - log: Where it prints.
    init(
        host: Host,
        name: String,
        image: String,
        script: PodScript,
        random: RandomStream,
        log: ContainerLog? = nil
    ) {
        self.host = host
        self.log = log
        let answers = PodAnswers(script, name: name, image: image)
        state = Mutex(State(script: script, answers: answers, random: random))
    }

    /// Opens the ports; gives those that could not be opened.
    func listen(on ip: String, ports: [Int]) -> [(port: Int, failure: NetworkFailure)] {
        var failures: [(port: Int, failure: NetworkFailure)] = []
        let program = state.withLock { $0.script.program }
        for port in ports {
            if let program, host.network.redirect(SocketAddress(ip: ip, port: port), to: program) {
                state.withLock { $0.redirected.append(SocketAddress(ip: ip, port: port)) }
                continue
            }
            do throws(NetworkFailure) {
                let address = SocketAddress(ip: ip, port: port)
                let listener = try host.network.listen(
                    on: address,
                    options: ListenOptions(allowsTunnels: true)
                ) {
                    [self] facts in
                    ProcessConnection(process: self, client: facts.id)
                }
                state.withLock { $0.listeners.append(listener) }
            } catch {
                failures.append((port, error))
            }
        }
        return failures
    }

    /// Answers by another script from now on; a process that no longer hangs answers what has gathered.
    func follow(_ script: PodScript) {
        let waiting = state.withLock { state in
            state.script = script
            state.answers.follow(script)
            defer { if !script.hangs { state.unseen = [] } }
            return script.hangs ? [] : state.unseen
        }
        for (client, exchange, request) in waiting { begin(client, exchange, request) }
    }

    /// Takes no more connections, finishes what is open, and calls `completion` then.
    func drain(_ completion: @escaping @Sendable () -> Void) {
        let (listeners, idle, isDone) = state.withLock { state in
            let listeners = state.listeners
            state.listeners = []
            let idle = state.clients.filter { $0.value.open.isEmpty && $0.value.incoming.isEmpty }
                .sorted { $0.key < $1.key }
            for (client, _) in idle { state.clients[client] = nil }
            let isDone = state.openCount == 0 && state.clients.isEmpty
            if !isDone { state.drained = completion }
            return (listeners, idle.map(\.value.connection), isDone)
        }
        endRedirects()
        for listener in listeners { listener.close() }
        for connection in idle { connection.close() }
        sayGoodbye()
        if isDone { host.clock.schedule(after: .zero, completion) }
    }

    /// Ends the process: listeners are closed, connections cut.
    func kill() {
        let (listeners, connections) = state.withLock { state in
            state.isGone = true
            defer {
                state.listeners = []
                state.clients = [:]
                state.streams = [:]
                state.unseen = []
                state.drained = nil
            }
            return (state.listeners, state.clients.sorted { $0.key < $1.key }.map(\.value.connection))
        }
        endRedirects()
        for listener in listeners { listener.close() }
        for connection in connections { connection.abort() }
    }

    /// Nobody new gets to the program; what is open there is the program's own affair.
    private func endRedirects() {
        let redirected = state.withLock { state in
            defer { state.redirected = [] }
            return state.redirected
        }
        for address in redirected { _ = host.network.redirect(address, to: nil) }
    }

    // MARK: Events of connections

    fileprivate func opened(_ client: UInt64, _ connection: any Connection) {
        let isWelcome = state.withLock { state in
            guard !state.isGone, state.drained == nil else { return false }
            state.clients[client] = Client(connection: connection)
            return true
        }
        if !isWelcome { connection.abort() }
    }

    fileprivate func received(_ frame: Frame, _ client: UInt64, _ exchange: UInt64) {
        if isStream(client, exchange) {
            return takeStream(frame, StreamKey(client: client, exchange: exchange))
        }
        if beginsStream(frame, client, exchange) { return }
        let request: Request? = state.withLock { state in
            if case .request(let head) = frame.head {
                let path = head.path ?? "/"
                let place =
                    state.script.paths.isEmpty
                    ? nil : state.script.place(of: path.prefix { $0 != "?" })
                let request = Request(
                    place: place,
                    wantsBody: head.method != .head,
                    echo: state.script.echo.isEmpty ? [] : Self.echo(state.script.echo, of: head),
                    printed: state.script.printsRequests ? "\(head.method.rawValue) \(path)" : nil
                )
                // A program that does not know the protocol answers as if it had not been asked to change to it:
                // what follows on such a connection has no end to wait for. Source: RFC 9110, 7.8; documented.
                if frame.isLast || head.headerFields[.upgrade] != nil { return request }
                state.clients[client]?.incoming[exchange] = request
                return nil
            }
            return frame.isLast ? state.clients[client]?.incoming.removeValue(forKey: exchange) : nil
        }
        if let request { begin(client, exchange, request) }
    }

    /// Begins to answer a whole request.
    private func begin(_ client: UInt64, _ exchange: UInt64, _ request: Request) {
        let answer: (frame: Frame, at: Instant)? = state.withLock { state in
            guard state.clients[client] != nil else { return nil }
            if state.clients[client]?.open.contains(exchange) == false {
                state.clients[client]?.open.append(exchange)
                state.openCount += 1
            }
            if state.script.hangs {
                state.unseen.append((client, exchange, request))
                return nil
            }
            return Self.answer(request, at: host.clock.now, &state)
        }
        guard let answer else { return }
        host.clock.schedule(at: answer.at) { [self] in
            if let printed = request.printed, case .response(let head) = answer.frame.head {
                log?.print("\(printed) \(head.status.code)")
            }
            finish(client, exchange, answer.frame)
        }
    }

    private static func answer(_ request: Request, at now: Instant, _ state: inout State) -> (Frame, Instant)
    {
        // A script that changed since the request came may have fewer paths.
        let place = request.place.flatMap { state.script.paths.indices.contains($0) ? $0 : nil }
        let answer = place.map { state.script.paths[$0].answer } ?? state.script.answer
        var start = now
        if let capacity = state.script.capacity {
            start = max(now, state.free)
            state.free = start.advanced(by: .nanoseconds(1_000_000_000 / Int64(capacity)))
        }
        let latency =
            answer.latency.lowerBound == answer.latency.upperBound
            ? answer.latency.lowerBound : state.random.duration(in: answer.latency)
        let fails = state.script.errors > 0 && state.random.chance(state.script.errors)
        var frame =
            fails
            ? state.answers.error(hasBody: request.wantsBody)
            : state.answers.frame(place, hasBody: request.wantsBody)
        if !request.echo.isEmpty, case .response(var head) = frame.head {
            for field in request.echo { head.headerFields.append(field) }
            frame.head = .response(head)
        }
        return (frame, start.advanced(by: latency))
    }

    /// The fields of a request that an answer tells again.
    private static func echo(_ names: [String], of head: HTTPRequest) -> [HTTPField] {
        names.flatMap { text -> [HTTPField] in
            guard let name = HTTPField.Name(text), let told = HTTPField.Name("echo-" + text) else {
                return []
            }
            return head.headerFields[values: name].map { HTTPField(name: told, value: $0) }
        }
    }

    /// Sends an answer, unless its connection is gone by now.
    func finish(_ client: UInt64, _ exchange: UInt64, _ frame: Frame) {
        let (connection, isLast) = state.withLock { state -> ((any Connection)?, Bool) in
            guard let place = state.clients[client]?.open.firstIndex(of: exchange) else {
                return (nil, false)
            }
            state.clients[client]?.open.remove(at: place)
            state.openCount -= 1
            let connection = state.clients[client]?.connection
            let isIdle = state.clients[client].map { $0.open.isEmpty && $0.incoming.isEmpty } ?? true
            guard state.drained != nil, isIdle else { return (connection, false) }
            state.clients[client] = nil
            return (connection, true)
        }
        connection?.send(frame, exchange: exchange)
        if isLast {
            connection?.close()
            checkDrained()
        }
    }

    fileprivate func cancelled(_ client: UInt64, _ exchange: UInt64) { ended(client, exchange) }

    /// An exchange is over without an answer.
    func ended(_ client: UInt64, _ exchange: UInt64) {
        state.withLock { state in
            state.streams[StreamKey(client: client, exchange: exchange)] = nil
            state.clients[client]?.incoming[exchange] = nil
            guard let place = state.clients[client]?.open.firstIndex(of: exchange) else { return }
            state.clients[client]?.open.remove(at: place)
            state.openCount -= 1
        }
        checkDrained()
    }

    fileprivate func closed(_ client: UInt64) {
        state.withLock { state in
            guard let known = state.clients.removeValue(forKey: client) else { return }
            state.openCount -= known.open.count
            for exchange in known.open {
                state.streams[StreamKey(client: client, exchange: exchange)] = nil
            }
        }
        checkDrained()
    }

    private func checkDrained() {
        let completion = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.drained != nil, state.openCount == 0,
                state.clients.allSatisfy({ $0.value.incoming.isEmpty })
            else { return nil }
            defer { state.drained = nil }
            return state.drained
        }
        if let completion { host.clock.schedule(after: .zero, completion) }
    }
}

/// A client's connection to a process.
private final class ProcessConnection: ConnectionHandler {
    private let process: ContainerProcess
    private let client: UInt64

    init(process: ContainerProcess, client: UInt64) {
        self.process = process
        self.client = client
    }

    func opened(_ connection: any Connection) { process.opened(client, connection) }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        process.received(frame, client, exchange)
    }
    func cancelled(exchange: UInt64, on connection: any Connection) { process.cancelled(client, exchange) }
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { process.closed(client) }
}
