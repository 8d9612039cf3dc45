// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Puts stored bytes into answers without reading them again.
enum Encoding {
    /// A whole object.
    static func whole(_ resource: ServedResource, _ revision: Int64, _ tail: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tail.count + 160)
        bytes.append(contentsOf: resource.head.utf8)
        append(revision, tail, to: &bytes)
        return bytes
    }

    static func append(_ revision: Int64, _ tail: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(contentsOf: String(revision).utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: tail)
    }

    /// The part of a whole object that is kept.
    static func tail(_ whole: [UInt8], of resource: ServedResource, _ revision: Int64) -> [UInt8] {
        Array(whole.dropFirst(resource.head.utf8.count + String(revision).utf8.count + 1))
    }

    /// A line of a watch.
    static func event(_ type: String, _ object: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(object.count + 40)
        bytes.append(contentsOf: "{\"type\":\"\(type)\",\"object\":".utf8)
        bytes.append(contentsOf: object)
        bytes.append(contentsOf: "}\n".utf8)
        return bytes
    }
}

/// A stable hash of bytes, for traces.
enum Digest {
    /// FNV-1a over words of eight bytes, then the rest.
    static func of(_ bytes: [UInt8]) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        bytes.withUnsafeBytes { buffer in
            var place = 0
            while place + 8 <= buffer.count {
                let word = buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                hash = (hash ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01b3
                hash ^= hash >> 29
                place += 8
            }
            while place < buffer.count {
                hash = (hash ^ UInt64(buffer[place])) &* 0x0000_0100_0000_01b3
                place += 1
            }
        }
        return Int64(bitPattern: hash)
    }
}
