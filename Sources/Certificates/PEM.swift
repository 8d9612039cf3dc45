// SPDX-License-Identifier: Apache-2.0
import Ports

/// Why a text is not the PEM that was expected.
public enum PEMError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is empty.
    case empty
    /// There is no `-----BEGIN …-----` line in it.
    case notPEM
    /// A block has no end line.
    case unfinished(label: String)
    /// A block's content is not base64; the line counts from 1.
    case invalidBase64(label: String, line: Int)
    /// There are blocks, but none of the wanted kind.
    case wrongLabel(expected: String, found: String)
    /// A block's bytes are not what its label says.
    case invalidContent(label: String, place: Int, reason: String)
    /// The private key is encrypted, and nobody can give its password.
    case encrypted

    /// What was expected and what was found.
    public var description: String {
        switch self {
        case .empty: "expected PEM, found an empty text"
        case .notPEM: "expected PEM, found no line that begins with -----BEGIN"
        case .unfinished(let label): "the PEM block \(label) has no -----END \(label)----- line"
        case .invalidBase64(let label, let line): "the PEM block \(label) is not base64 at line \(line)"
        case .wrongLabel(let expected, let found): "expected a PEM block \(expected), found \(found)"
        case .invalidContent(let label, let place, let reason): "PEM block \(place), \(label): \(reason)"
        case .encrypted: "the private key is encrypted; expected one without a password"
        }
    }
}

/// One block of a PEM text (RFC 7468, read leniently as OpenSSL does: text around blocks does not matter).
struct PEMBlock {
    var label: String
    var der: [UInt8]
    /// True when headers say that the content is encrypted, as the old OpenSSL format does.
    var isEncrypted = false

    /// Reads all blocks.
    static func blocks(of text: String) throws(PEMError) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var reader: BlockReader?
        var isBlank = true
        var number = 0
        for line in text.utf8.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 10 }) {
            number += 1
            let line = trimmed(line)
            if line.isEmpty { continue }
            isBlank = false
            if let label = label(of: line, "-----BEGIN ") {
                if let reader { throw .unfinished(label: reader.label) }
                reader = BlockReader(label: label)
            } else if let open = reader {
                if label(of: line, "-----END ") == open.label {
                    blocks.append(try open.block(line: number))
                    reader = nil
                } else {
                    try reader?.take(line, number: number)
                }
            }
        }
        if let reader { throw .unfinished(label: reader.label) }
        if isBlank { throw .empty }
        if blocks.isEmpty { throw .notPEM }
        return blocks
    }

    private static func trimmed(_ line: Substring.UTF8View.SubSequence) -> Substring.UTF8View.SubSequence {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var line = line.drop(while: isSpace)
        while let last = line.last, isSpace(last) { line = line.dropLast() }
        return line
    }

    private static func label(of line: Substring.UTF8View.SubSequence, _ start: String) -> String? {
        guard line.starts(with: start.utf8), line.suffix(5).elementsEqual("-----".utf8),
            line.count > start.utf8.count + 5
        else { return nil }
        return String(decoding: line.dropFirst(start.utf8.count).dropLast(5), as: UTF8.self)
    }

    /// The block as text, 64 characters a line.
    var text: String {
        let digits = Array(Base64.encode(der).utf8)
        var text = "-----BEGIN \(label)-----\n"
        for start in stride(from: 0, to: digits.count, by: 64) {
            text += String(decoding: digits[start..<min(start + 64, digits.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }
}

/// Collects the lines of one block.
private struct BlockReader {
    let label: String
    private var content = Base64.Decoder()
    private var isEncrypted = false

    init(label: String) {
        self.label = label
    }

    mutating func take(_ line: some Sequence<UInt8>, number: Int) throws(PEMError) {
        if line.contains(UInt8(ascii: ":")) {
            let header = String(decoding: Array(line), as: UTF8.self)
            isEncrypted = isEncrypted || header.contains("ENCRYPTED")
            return
        }
        for byte in line {
            guard content.take(byte) else { throw .invalidBase64(label: label, line: number) }
        }
    }

    func block(line: Int) throws(PEMError) -> PEMBlock {
        guard let der = content.finished, !der.isEmpty else {
            throw .invalidBase64(label: label, line: line)
        }
        return PEMBlock(label: label, der: der, isEncrypted: isEncrypted)
    }
}
