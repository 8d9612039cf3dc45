// SPDX-License-Identifier: Apache-2.0
import Crypto
import JSON
import Synchronization

/// The documents about the resources: made when first asked for, kept until the table of resources changes.
final class DocumentCache: Sendable {
    /// A document, and what it is called when clients ask whether theirs is still good.
    struct Document: Sendable {
        let bytes: [UInt8]
        /// The hash over the bytes.
        let hash: String
    }

    private struct State {
        var version = -1
        var documents: [String: Document] = [:]
    }

    private let state = Mutex(State())

    /// A document of a version of the table; nil when it can not be made.
    func document(_ name: String, version: Int, make: () -> JSONValue?) -> Document? {
        if let known = state.withLock({ $0.version == version ? $0.documents[name] : nil }) { return known }
        guard let bytes = make()?.bytes else { return nil }
        let digits = Array("0123456789ABCDEF".utf8)
        let hash = SHA512.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let document = Document(bytes: bytes, hash: String(decoding: hash, as: UTF8.self))
        state.withLock { state in
            if state.version != version { state = State(version: version) }
            state.documents[name] = document
        }
        return document
    }
}
