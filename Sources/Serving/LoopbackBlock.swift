// SPDX-License-Identifier: Apache-2.0
import Ports

/// The loopback addresses of one environment: several of them run beside each other on one machine.
///
/// The first environment has 127.1 for load balancers, 127.2 for nodes and 127.3 for pods, the next one 127.4 to 127.6,
/// and so on. Whoever listens on a block's `claimed` address has the block; the system frees it when the process ends.
struct LoopbackBlock: Sendable, Hashable {
    /// How many environments have room.
    static let count = 80

    let index: Int

    /// `127.1`, where load balancers are.
    var loadBalancers: String { "127.\(1 + 3 * index)" }
    /// `127.2`, where nodes are.
    var nodes: String { "127.\(2 + 3 * index)" }
    /// `127.3`, where pods are.
    var pods: String { "127.\(3 + 3 * index)" }

    /// The address that stands for the whole block.
    var claimed: SocketAddress { SocketAddress(ip: "\(loadBalancers).255.254", port: 20_201) }

    /// Takes the first block that nobody has.
    ///
    /// - Returns: The block, and what has to be closed to give it back.
    /// - Throws: The last block's `NetworkFailure` when all are taken.
    static func claim(_ network: any Network) throws(NetworkFailure) -> (LoopbackBlock, any Listening) {
        var failure = NetworkFailure.refused
        for index in 0..<count {
            let block = LoopbackBlock(index: index)
            do throws(NetworkFailure) {
                let claim = try network.listen(on: block.claimed, options: ListenOptions()) { _ in
                    NobodyListens()
                }
                return (block, claim)
            } catch {
                failure = error
            }
        }
        throw failure
    }
}

/// Turns connections away: for ports that are bound for another reason than to serve.
final class NobodyListens: ConnectionHandler {
    func opened(_ connection: any Connection) { connection.abort() }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}
