// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC
import HTTPTypes
import Ports

/// One end of a QUIC connection, as the network port shows it.
///
/// Calls come from anywhere and are carried to the socket's loop, where the session lives: that is what the missing
/// check of the compiler stands for.
final class QUICConnection: Connection, @unchecked Sendable {
    let facts: ConnectionFacts
    private let socket: any DatagramSocket
    private weak var session: QUICSession?

    init(facts: ConnectionFacts, session: QUICSession) {
        self.facts = facts
        self.session = session
        socket = session.endpoint.socket
    }

    func send(_ frame: Frame, exchange: UInt64) {
        perform { session in
            session.http?.send(frame, exchange: exchange)
            session.write()
            session.endpoint.settle(session)
        }
    }

    func cancel(exchange: UInt64) {
        perform { session in
            session.http?.cancel(exchange: exchange)
            session.write()
            session.endpoint.settle(session)
        }
    }

    func pause(exchange: UInt64) {
        perform { $0.http?.setPaused(true, exchange: exchange) }
    }

    func resume(exchange: UInt64) {
        perform { session in
            session.http?.setPaused(false, exchange: exchange)
            session.write()
            session.endpoint.settle(session)
        }
    }

    func drain() {
        perform { session in
            session.http?.drain()
            session.write()
            session.endpoint.settle(session)
        }
    }

    func close() {
        perform { $0.closeWhenSent() }
    }

    func abort() {
        perform { $0.abort() }
    }

    private func perform(_ work: @escaping @Sendable (QUICSession) -> Void) {
        socket.execute { [self] in
            if let session, !session.isOver { work(session) }
        }
    }
}
#endif
