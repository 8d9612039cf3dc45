// SPDX-License-Identifier: Apache-2.0

/// A request's path and query, unescaped.
struct RequestTarget: Equatable {
    /// The parts of the path between slashes, none of them empty.
    let segments: [String]
    private let pairs: [(String, String)]
    /// True when an escape could not be read.
    let isMalformed: Bool

    init(_ text: String) {
        let bytes = Substring(text).utf8
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        var isMalformed = false
        func plain(_ part: Substring.UTF8View, plusIsBlank: Bool) -> String {
            guard let result = Self.unescape(part, plusIsBlank: plusIsBlank) else {
                isMalformed = true
                return String(Substring(part))
            }
            return result
        }
        segments = bytes[..<mark].split(separator: UInt8(ascii: "/")).map { plain($0, plusIsBlank: false) }
        let query = bytes[mark...].dropFirst()
        pairs =
            query.isEmpty
            ? []
            : query.split(separator: UInt8(ascii: "&")).map { pair in
                let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
                return (
                    plain(pair[..<sign], plusIsBlank: true),
                    plain(pair[sign...].dropFirst(), plusIsBlank: true)
                )
            }
        self.isMalformed = isMalformed
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

    private static func unescape(_ text: Substring.UTF8View, plusIsBlank: Bool) -> String? {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(Substring(text))
        }
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
                else {
                    return nil
                }
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
