// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports

/// Heads that an event loop sent lately, as the bytes that they are on the wire.
///
/// A proxy sends the heads of few requests and answers again and again, as the very same value. Whoever sends one tells
/// what it came to, and may do so only when nothing but the head decided that.
final class SentHeads<Note> {
    /// A head's bytes with the blank line, and what the sender wants to know of it.
    struct Sent {
        let bytes: ByteBuffer
        let note: Note
    }

    /// Most heads are sent once: their bytes are kept when they come a second time.
    private enum Memory {
        case once
        case again(Sent)
    }

    private var memory = HeadMemory<Memory>(placeBits: 9)

    /// What a head came to before; nil when that is not known.
    func sent(_ head: MessageHead) -> Sent? {
        if case .again(let sent)? = memory[head] { sent } else { nil }
    }

    /// Tells what a head came to.
    func tell(_ head: MessageHead, _ bytes: ByteBufferView, _ note: Note) {
        memory[head] = memory[head] == nil ? .once : .again(Sent(bytes: ByteBuffer(bytes: bytes), note: note))
    }
}
