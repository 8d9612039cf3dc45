// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// One event of a watch.
public enum WatchEvent: Sendable {
    /// The object is new, or new to the selection.
    case added(KubernetesObject)
    /// The object changed.
    case modified(KubernetesObject)
    /// The object is gone, or left the selection; its last state.
    case deleted(KubernetesObject)
    /// Nothing changed; the watch has seen everything up to this resourceVersion.
    case bookmark(KubernetesObject)

    /// The object inside.
    public var object: KubernetesObject {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object), .bookmark(let object): object
        }
    }
}

/// The events of an open watch, one JSON document a line.
public struct WatchStream: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = WatchEvent

    private let pieces: AsyncThrowingStream<[UInt8], any Error>

    init(_ pieces: AsyncThrowingStream<[UInt8], any Error>) {
        self.pieces = pieces
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(pieces: pieces.makeAsyncIterator())
    }

    /// Reads events one after another.
    public struct Iterator: AsyncIteratorProtocol {
        var pieces: AsyncThrowingStream<[UInt8], any Error>.Iterator
        private var buffer: [UInt8] = []
        private var read = 0

        init(pieces: AsyncThrowingStream<[UInt8], any Error>.Iterator) {
            self.pieces = pieces
        }

        /// The next event; nil when the server ended the watch in order.
        ///
        /// - Throws: `KubernetesError`: the status of an ERROR event, or `lost`.
        public mutating func next() async throws -> WatchEvent? {
            while true {
                if let line = takeLine() {
                    if line.isEmpty { continue }
                    return try Self.event(line)
                }
                do {
                    guard let piece = try await pieces.next(isolation: #isolation) else { return nil }
                    buffer += piece
                } catch let failure as NetworkFailure {
                    throw KubernetesError.lost(failure)
                }
            }
        }

        private mutating func takeLine() -> [UInt8]? {
            guard let end = buffer[read...].firstIndex(of: 0x0a) else {
                if read > 0 {
                    buffer.removeFirst(read)
                    read = 0
                }
                return nil
            }
            defer { read = end + 1 }
            return Array(buffer[read..<end])
        }

        private static func event(_ line: [UInt8]) throws -> WatchEvent {
            let json: JSONValue
            do { json = try JSONValue(parsing: line) } catch {
                throw KubernetesError.malformed("a watch event: \(error)")
            }
            let object = json["object"] ?? .null
            switch json["type"]?.stringValue {
            case "ADDED": return .added(KubernetesObject(object))
            case "MODIFIED": return .modified(KubernetesObject(object))
            case "DELETED": return .deleted(KubernetesObject(object))
            case "BOOKMARK": return .bookmark(KubernetesObject(object))
            default:
                guard let status = KubernetesStatus(object) else {
                    throw KubernetesError.malformed("a watch event of type \(json["type"]?.text ?? "none")")
                }
                throw KubernetesError.refused(status)
            }
        }
    }
}
