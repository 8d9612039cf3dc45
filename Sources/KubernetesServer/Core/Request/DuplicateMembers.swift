// SPDX-License-Identifier: Apache-2.0
import JSON

/// Finds members that stand more than once in an object; the reader keeps the last of them without a word.
enum DuplicateMembers {
    /// The paths of such members in JSON that has been read without a mistake, as `data.a`.
    ///
    /// When what was read has as many members as the bytes, there is nothing to look for.
    static func paths(in bytes: [UInt8], _ json: JSONValue) -> [String] {
        if colons(bytes) == members(json) { return [] }
        var scanner = Scanner(bytes: bytes)
        scanner.value(at: "")
        return scanner.found
    }

    private static func colons(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            var place = 0
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\""):
                    place += 1
                    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                        place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
                    }
                case UInt8(ascii: ":"): count += 1
                default: break
                }
                place += 1
            }
            return count
        }
    }

    private static func members(_ json: JSONValue) -> Int {
        switch json {
        case .object(let object): object.members.reduce(object.count) { $0 + members($1.value) }
        case .array(let items): items.reduce(0) { $0 + members($1) }
        default: 0
        }
    }

    /// Walks over valid JSON.
    private struct Scanner {
        let bytes: [UInt8]
        var place = 0
        var found: [String] = []

        private mutating func skip() {
            while place < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[place]) { place += 1 }
        }

        private mutating func text() -> String {
            let start = place
            place += 1
            while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            place += 1
            let quoted = Array(bytes[start..<min(place, bytes.count)])
            return (try? JSONValue(parsing: quoted))?.stringValue ?? ""
        }

        mutating func value(at path: String) {
            skip()
            guard place < bytes.count else { return }
            switch bytes[place] {
            case UInt8(ascii: "{"): object(at: path)
            case UInt8(ascii: "["): list(at: path)
            case UInt8(ascii: "\""): _ = text()
            default:
                while place < bytes.count, !Array(",]} \n\r\t".utf8).contains(bytes[place]) { place += 1 }
            }
            skip()
        }

        private mutating func object(at path: String) {
            var names: Set<String> = []
            place += 1
            skip()
            while place < bytes.count, bytes[place] != UInt8(ascii: "}") {
                let name = text()
                let inner = path.isEmpty ? name : "\(path).\(name)"
                if !names.insert(name).inserted, !found.contains(inner) { found.append(inner) }
                skip()
                place += 1  // the colon
                value(at: inner)
                if place < bytes.count, bytes[place] == UInt8(ascii: ",") { place += 1 }
                skip()
            }
            place += 1
        }

        private mutating func list(at path: String) {
            var index = 0
            place += 1
            skip()
            while place < bytes.count, bytes[place] != UInt8(ascii: "]") {
                value(at: "\(path)[\(index)]")
                index += 1
                if place < bytes.count, bytes[place] == UInt8(ascii: ",") { place += 1 }
            }
            place += 1
        }
    }
}
