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
                    return try buffer.withUnsafeBufferPointer {
                        try Self.event(UnsafeBufferPointer(rebasing: $0[line]))
                    }
                }
                do {
                    guard let piece = try await pieces.next(isolation: #isolation) else { return nil }
                    buffer += piece
                } catch let failure as NetworkFailure {
                    throw KubernetesError.lost(failure)
                }
            }
        }

        private mutating func takeLine() -> Range<Int>? {
            let start = read
            let found = buffer.withUnsafeBufferPointer { $0[start...].firstIndex(of: 0x0a) }
            guard let end = found else {
                if read > 0 {
                    buffer.removeFirst(read)
                    read = 0
                }
                return nil
            }
            defer { read = end + 1 }
            return read..<end
        }

        private static func event(_ line: UnsafeBufferPointer<UInt8>) throws -> WatchEvent {
            if let usual = usualEvent(line) { return usual }
            let json: JSONValue
            do { json = try JSONValue(parsing: line) } catch {
                throw KubernetesError.malformed("a watch event: \(error)")
            }
            let object = json["object"] ?? .null
            if let event = event(json["type"]?.stringValue, object) { return event }
            guard let status = KubernetesStatus(object) else {
                throw KubernetesError.malformed("a watch event of type \(json["type"]?.text ?? "none")")
            }
            throw KubernetesError.refused(status)
        }

        private static func event(_ type: String?, _ object: JSONValue) -> WatchEvent? {
            switch type {
            case "ADDED": .added(KubernetesObject(object))
            case "MODIFIED": .modified(KubernetesObject(object))
            case "DELETED": .deleted(KubernetesObject(object))
            case "BOOKMARK": .bookmark(KubernetesObject(object))
            default: nil
            }
        }

        private static let opening = Array("{\"type\":\"".utf8)
        private static let middle = Array("\",\"object\":".utf8)

        /// An event as API servers write it, whose object is likely to have been read by somebody else; nil for a
        /// line of any other shape.
        private static func usualEvent(_ line: UnsafeBufferPointer<UInt8>) -> WatchEvent? {
            guard line.starts(with: opening), line.last == UInt8(ascii: "}") else { return nil }
            let word = line[opening.count...].prefix { (0x41...0x5a).contains($0) }
            let rest = line[word.endIndex...]
            guard rest.starts(with: middle), rest.count > middle.count + 1 else { return nil }
            let object = UnsafeBufferPointer(rebasing: rest.dropFirst(middle.count).dropLast())
            guard let json = try? KubernetesClient.documents.value(of: object) else { return nil }
            return event(String(decoding: word, as: UTF8.self), json)
        }
    }
}
