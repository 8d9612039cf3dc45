// SPDX-License-Identifier: Apache-2.0

/// The present objects of one resource, in the order of their keys.
struct ObjectStore {
    private(set) var objects: [String: StoredObject] = [:]
    private var keys = SortedKeys()

    subscript(_ key: String) -> StoredObject? { objects[key] }

    var count: Int { objects.count }

    mutating func put(_ object: StoredObject) {
        let key = object.key
        if objects.updateValue(object, forKey: key) == nil { keys.insert(key) }
    }

    mutating func remove(_ key: String) {
        if objects.removeValue(forKey: key) != nil { keys.remove(key) }
    }

    /// The objects of a namespace, or of all, from a key on.
    func list(namespace: String?, after start: String? = nil) -> some Sequence<StoredObject> {
        let prefix = namespace.map { "\($0)/" } ?? ""
        let first = max(prefix, start ?? "")
        return keys.from(first).lazy.drop { $0 == start }.prefix { $0.hasPrefix(prefix) }
            .compactMap { objects[$0] }
    }
}

/// Distinct texts in their order, in chunks, so that a new one moves few others.
struct SortedKeys {
    /// Twice as many are two chunks.
    private static let chunkSize = 256

    /// None is empty.
    private var chunks: [[String]] = []

    mutating func insert(_ key: String) {
        guard !chunks.isEmpty else {
            chunks = [[key]]
            return
        }
        let chunk = chunk(key)
        chunks[chunk].insert(key, at: Self.place(key, in: chunks[chunk]))
        guard chunks[chunk].count >= 2 * Self.chunkSize else { return }
        let rest = Array(chunks[chunk][Self.chunkSize...])
        chunks[chunk].removeLast(rest.count)
        chunks.insert(rest, at: chunk + 1)
    }

    mutating func remove(_ key: String) {
        guard !chunks.isEmpty else { return }
        let chunk = chunk(key)
        let place = Self.place(key, in: chunks[chunk])
        guard place < chunks[chunk].count, chunks[chunk][place] == key else { return }
        chunks[chunk].remove(at: place)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    /// The keys from one on, which need not be there.
    func from(_ key: String) -> some Sequence<String> {
        guard !chunks.isEmpty else { return KeyIterator(chunks: [], chunk: 0, place: 0) }
        let chunk = chunk(key)
        return KeyIterator(chunks: chunks, chunk: chunk, place: Self.place(key, in: chunks[chunk]))
    }

    /// The chunk that a key belongs into: the last one that does not begin behind it.
    private func chunk(_ key: String) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle][0] <= key { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The place of a key in a chunk, or where it would stand.
    private static func place(_ key: String, in keys: [String]) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

private struct KeyIterator: Sequence, IteratorProtocol {
    let chunks: [[String]]
    var chunk: Int
    var place: Int

    mutating func next() -> String? {
        while chunk < chunks.count {
            if place < chunks[chunk].count {
                defer { place += 1 }
                return chunks[chunk][place]
            }
            chunk += 1
            place = 0
        }
        return nil
    }
}
