// SPDX-License-Identifier: Apache-2.0
#if QUIC
import CQUIC

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What lets clients of an endpoint come back without a whole handshake: the key of the tickets that they get, and which
/// early data has been seen, since a copy of it must not be taken twice.
///
/// Early data waits for the end of its handshake like any other: it arrives sooner, and does nothing sooner.
final class SessionTickets {
    private var key = gnutls_datum_t()
    private var antiReplay: gnutls_anti_replay_t?
    /// The marks of early data, and until when they count; only looked up.
    private var seen: [[UInt8]: time_t] = [:]
    /// More than this are never kept: early data is refused then, which costs a round trip and no more.
    private static let limit = 10_000

    /// Makes a key that nobody else has.
    init() {
        guard gnutls_session_ticket_key_generate(&key) == 0, gnutls_anti_replay_init(&antiReplay) == 0 else {
            return
        }
        gnutls_anti_replay_set_ptr(antiReplay, Unmanaged.passUnretained(self).toOpaque())
        gnutls_anti_replay_set_add_function(antiReplay) { tickets, expiry, mark, _ in
            guard let tickets, let mark else { return GNUTLS_E_INTERNAL_ERROR }
            let bytes = UnsafeBufferPointer(start: mark.pointee.data, count: Int(mark.pointee.size))
            let isNew = Unmanaged<SessionTickets>.fromOpaque(tickets).takeUnretainedValue()
                .add(Array(bytes), until: expiry)
            return isNew ? 0 : GNUTLS_E_DB_ENTRY_EXISTS
        }
    }

    deinit {
        if let antiReplay { gnutls_anti_replay_deinit(antiReplay) }
        if let data = key.data {
            gnutls_memset(data, 0, Int(key.size))
            free(data)  // what the library allocates with
        }
    }

    /// Lets a server's session give tickets, and take early data of those who have one.
    func enable(on tls: gnutls_session_t) -> Bool {
        guard let antiReplay, gnutls_session_ticket_enable_server(tls, &key) == 0 else { return false }
        gnutls_anti_replay_enable(tls, antiReplay)
        // What QUIC demands: the transport's own limits count.
        return gnutls_record_set_max_early_data_size(tls, Int(UInt32.max)) == 0
    }

    /// Notes early data; false when it has been there before.
    private func add(_ mark: [UInt8], until expiry: time_t) -> Bool {
        if seen.count >= Self.limit {
            let now = time(nil)
            seen = seen.filter { $0.value >= now }
            if seen.count >= Self.limit { return false }
        }
        return seen.updateValue(expiry, forKey: mark) == nil
    }
}
#endif
