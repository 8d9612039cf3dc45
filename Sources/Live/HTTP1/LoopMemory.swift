// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What the connections of one event loop remember together.
final class LoopMemory {
    let chunks = ChunkMemo()
    /// Requests without a body, with their methods.
    let requests = SentHeads<HTTPRequest.Method>()
    /// Answers of a known length on connections that go on.
    let answers = SentHeads<Int64>()
}
