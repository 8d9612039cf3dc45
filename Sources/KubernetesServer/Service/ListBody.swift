// SPDX-License-Identifier: Apache-2.0
import Gzip
import JSON
import KubernetesAPI
import Synchronization

/// A list on its way out: the stored bytes of its items, put together as they are sent.
struct ListBody: Sendable {
    private let head: [UInt8]
    private let itemHead: [UInt8]
    private let items: [(revision: Int64, tail: [UInt8])]
    /// About how many bytes it has.
    let size: Int

    /// Makes a list; items of built-in kinds carry no type, those of custom resources do.
    init(
        _ resource: ServedResource,
        _ items: [(revision: Int64, tail: [UInt8])],
        revision: Int64,
        continuation: String?,
        remaining: Int?
    ) {
        let type = resource.type
        var head = "{\"kind\":\"\(type.kind)List\",\"apiVersion\":\"\(type.apiVersion)\",\"metadata\":{"
        head += "\"resourceVersion\":\"\(revision)\""
        if resource.isCustom || continuation != nil {
            head += ",\"continue\":\(JSONValue.string(continuation ?? "").text)"
        }
        if let remaining { head += ",\"remainingItemCount\":\(remaining)" }
        self.head = Array((head + "},\"items\":[").utf8)
        itemHead = Array(
            (resource.isCustom ? resource.head : "{\"metadata\":{\"resourceVersion\":\"").utf8
        )
        self.items = items
        let perItem = itemHead.count + 22
        size = items.reduce(self.head.count + 2) { $0 + $1.tail.count + perItem }
    }

    /// All of it.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var place = 0
        append(from: &place, to: &bytes, until: .max)
        return bytes
    }

    /// It in pieces of about a size, each made when it is asked for; packed when that is wanted.
    func pieces(of size: Int, isPacked: Bool) -> AsyncStream<[UInt8]> {
        let reading = ListReading(self, size, isPacked: isPacked)
        return AsyncStream { reading.next() }
    }

    /// Adds what comes next: items from a place on until there is enough; the place behind the last item is the end.
    ///
    /// - Returns: False when there is nothing more.
    @discardableResult
    fileprivate func append(from place: inout Int, to bytes: inout [UInt8], until size: Int) -> Bool {
        guard place <= items.count else { return false }
        if place == 0 { bytes += head }
        while place < items.count, bytes.count < size {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += itemHead
            Encoding.append(items[place].revision, items[place].tail, to: &bytes)
            place += 1
        }
        if place == items.count {
            bytes += "]}".utf8
            place += 1
        }
        return true
    }
}

/// How far a list has been read.
private final class ListReading: Sendable {
    private let list: ListBody
    private let size: Int
    private let state: Mutex<(place: Int, gzip: GzipStream?)>

    init(_ list: ListBody, _ size: Int, isPacked: Bool) {
        self.list = list
        self.size = size
        state = Mutex((0, isPacked ? GzipStream() : nil))
    }

    func next() -> [UInt8]? {
        state.withLock { state in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(size + 4096)
            guard list.append(from: &state.place, to: &bytes, until: size) else {
                defer { state.gzip = nil }
                return state.gzip?.pack([], isLast: true)
            }
            return state.gzip?.pack(bytes, isLast: false) ?? bytes
        }
    }
}
