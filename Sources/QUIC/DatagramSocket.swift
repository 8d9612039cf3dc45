// SPDX-License-Identifier: Apache-2.0
#if QUIC

/// What an endpoint asks of the UDP socket that it stands on.
///
/// Everything that an endpoint does happens on the socket's own loop: the socket calls the endpoint there, and what
/// comes from elsewhere goes through `execute`.
public protocol DatagramSocket: AnyObject, Sendable {
    /// Where the socket is bound.
    var localAddress: DatagramAddress { get }

    /// Nanoseconds on a clock that never goes back.
    func now() -> UInt64

    /// Sends one datagram; one that cannot be sent is lost, as datagrams are.
    func send(_ bytes: [UInt8], to address: DatagramAddress)

    /// Asks to be called with `QUICEndpoint.wake()` at that time, in the clock of `now`; replaces what was asked
    /// before, nil asks for nothing.
    func wake(at time: UInt64?)

    /// Runs the work on the socket's loop, never inside this call.
    func execute(_ work: @escaping @Sendable () -> Void)

    /// Closes the socket.
    func close()
}
#endif
