// SPDX-License-Identifier: Apache-2.0

/// A request's path and query, unescaped.
struct RequestTarget: Equatable {
    /// The parts of the path between slashes, none of them empty.
    let segments: [String]
    private let pairs: [(String, String)]
    /// True when an escape could not be read.
    let isMalformed: Bool

    init(_ text: String) {
        var reader = Reader(text)
        (segments, pairs, isMalformed) = (reader.segments(), reader.pairs(), reader.isMalformed)
    }

    /// The first value of a parameter.
    subscript(_ name: String) -> String? { pairs.first { $0.0 == name }?.1 }

    /// All values of a parameter.
    func all(_ name: String) -> [String] { pairs.filter { $0.0 == name }.map(\.1) }

    /// A parameter that is a truth value; nil when it is missing or is none.
    func truth(_ name: String) -> Bool? {
        switch self[name] {
        case "true"?, "1"?, "True"?, "t"?: true
        case "false"?, "0"?, "False"?, "f"?: false
        default: nil
        }
    }

    static func == (left: RequestTarget, right: RequestTarget) -> Bool {
        left.segments == right.segments && left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    /// Takes a target apart by its bytes.
    private struct Reader {
        private let bytes: [UInt8]
        private let mark: Int
        private(set) var isMalformed = false

        init(_ text: String) {
            bytes = Array(text.utf8)
            mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        }

        mutating func segments() -> [String] {
            var found: [String] = []
            found.reserveCapacity(8)
            var start = 0
            for place in 0...mark where place == mark || bytes[place] == UInt8(ascii: "/") {
                if place > start { found.append(plain(start..<place, plusIsBlank: false)) }
                start = place + 1
            }
            return found
        }

        mutating func pairs() -> [(String, String)] {
            var found: [(String, String)] = []
            var start = mark + 1
            guard start < bytes.count else { return found }
            for place in start...bytes.count where place == bytes.count || bytes[place] == UInt8(ascii: "&") {
                if place > start {
                    let sign = bytes[start..<place].firstIndex(of: UInt8(ascii: "=")) ?? place
                    let name = plain(start..<sign, plusIsBlank: true)
                    found.append((name, plain(min(sign + 1, place)..<place, plusIsBlank: true)))
                }
                start = place + 1
            }
            return found
        }

        /// A part without its escapes; as it is when one can not be read.
        private mutating func plain(_ range: Range<Int>, plusIsBlank: Bool) -> String {
            let part = bytes[range]
            guard part.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
                return String(decoding: part, as: UTF8.self)
            }
            if let result = Self.unescape(part, plusIsBlank: plusIsBlank) { return result }
            isMalformed = true
            return String(decoding: part, as: UTF8.self)
        }

        private static func unescape(_ text: ArraySlice<UInt8>, plusIsBlank: Bool) -> String? {
            var bytes: [UInt8] = []
            var rest = text
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "%"):
                    guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
                    else { return nil }
                    bytes.append(high << 4 | low)
                case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
                default: bytes.append(byte)
                }
            }
            return String(validating: bytes, as: UTF8.self)
        }

        private static func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
    }
}
