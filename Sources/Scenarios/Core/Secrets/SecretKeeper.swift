// SPDX-License-Identifier: Apache-2.0
import Crypto
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Keeps what Secrets hold out of everything that is shown or saved: a value becomes its fingerprint.
///
/// It learns the values from Secrets, and then replaces them wherever they appear: as they are, in base64, and
/// single lines of those that have several. Values below four characters are only replaced in Secrets themselves,
/// and those below eight only where they are words of their own. Private keys in PEM are replaced whether they are
/// known or not.
struct SecretKeeper: Sendable {
    private static let shortest = 4
    /// Shorter lines of a longer value are no secret by themselves: `-----BEGIN`, the end of a base64 text.
    private static let shortestLine = 16

    /// What is replaced, the longest first.
    private var values: [String] = []
    private var known: Set<String> = []

    init() {}

    // MARK: Learning

    /// Learns the values of a Secret.
    mutating func learn(secret: JSONValue) {
        for (_, value) in Self.members(of: secret["data"]) {
            add(value)
            guard let bytes = try? Base64.decode(value) else { continue }
            add(String(decoding: bytes, as: UTF8.self))
        }
        for (_, value) in Self.members(of: secret["stringData"]) {
            add(value)
            add(Base64.encode(Array(value.utf8)))
        }
        sort()
    }

    /// Learns all texts in a change of a Secret, whatever its form, but for names of its members.
    mutating func learn(patch: JSONValue) {
        switch patch {
        case .object(let object):
            if object["op"] != nil, let value = object["value"] { return learn(patchValue: value) }
            for member in object where ["data", "stringData"].contains(member.key) {
                learn(patchValue: member.value)
            }
        case .array(let items): for item in items { learn(patch: item) }
        default: break
        }
        sort()
    }

    private mutating func learn(patchValue value: JSONValue) {
        switch value {
        case .string(let text):
            add(text)
            add(Base64.encode(Array(text.utf8)))
            if let bytes = try? Base64.decode(text) { add(String(decoding: bytes, as: UTF8.self)) }
        case .object(let object): for member in object { learn(patchValue: member.value) }
        case .array(let items): for item in items { learn(patchValue: item) }
        default: break
        }
        sort()
    }

    private mutating func add(_ value: String) {
        guard value.utf8.count >= Self.shortest, !ByteSearch.contains("\u{FFFD}", in: value) else { return }
        if known.insert(value).inserted { values.append(value) }
        let isCertificate = ByteSearch.contains("-----BEGIN CERTIFICATE-----", in: value)
        for line in value.split(whereSeparator: \.isNewline) where !isCertificate {
            let line = String(line)
            guard line.utf8.count >= Self.shortestLine, !line.hasPrefix("-----") else { continue }
            if known.insert(line).inserted { values.append(line) }
        }
    }

    private mutating func sort() {
        values.sort { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    private static func members(of data: JSONValue?) -> [(String, String)] {
        (data?.objectValue?.members ?? []).compactMap { member in
            member.value.stringValue.map { (member.key, $0) }
        }
    }

    // MARK: Replacing

    /// What stands for a value: the beginning of its SHA-256.
    static func fingerprint(_ value: String) -> String {
        let digest = SHA256.hash(data: Array(value.utf8))
        let digits = "0123456789abcdef".map { $0 }
        let text = digest.prefix(6).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "sha256:\(String(text))"
    }

    /// A text without secrets.
    func replaced(in text: String) -> String {
        var copy = text
        let found = copy.withUTF8 { bytes in values.filter { ByteSearch.contains($0, in: bytes) } }
        var result = text
        for value in found {
            result = ByteSearch.replace(
                value,
                in: result,
                with: Self.fingerprint(value),
                asWord: value.utf8.count < 8
            )
        }
        return Self.withoutPrivateKeys(result)
    }

    private static func withoutPrivateKeys(_ text: String) -> String {
        guard ByteSearch.contains("PRIVATE KEY-----", in: text) else { return text }
        var result = ""
        var rest = Substring(text)
        while let marker = rest.firstRange(of: "-----BEGIN ") {
            let label = rest[marker.upperBound...].prefix { $0 != "-" }
            guard label.hasSuffix("PRIVATE KEY") else {
                result += rest[..<marker.upperBound]
                rest = rest[marker.upperBound...]
                continue
            }
            let tail = "-----END \(label)-----"
            let end = rest.firstRange(of: tail)?.upperBound ?? rest.endIndex
            result += rest[..<marker.lowerBound]
            result += fingerprint(String(rest[marker.lowerBound..<end]))
            rest = rest[end...]
        }
        return result + rest
    }

    /// The stored body of an object without secrets.
    func replaced(body text: String, resource: String) -> String {
        let isSecret = resource == ResourceType.secrets.qualifiedName
        guard isSecret || replaced(in: text) != text, var body = try? JSONValue(parsing: text) else {
            return text
        }
        for key in isSecret ? ["data", "stringData"] : [] {
            guard var object = body[key]?.objectValue else { continue }
            for member in object.members {
                object[member.key] = .string(Self.fingerprint(member.value.stringValue ?? member.value.text))
            }
            body[key] = .object(object)
        }
        return replaced(in: body).text
    }

    /// A value without secrets: only its texts change, so that it stays JSON.
    private func replaced(in value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(replaced(in: text))
        case .array(let items): .array(items.map { replaced(in: $0) })
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, replaced(in: $0.value)) }))
        default: value
        }
    }
}

/// Remembers what it has replaced, since traces say the same again and again.
final class SecretFilter: Sendable {
    private let keeper: SecretKeeper
    /// Only looked up.
    private let answers = Mutex<[String: String]>([:])

    init(_ keeper: SecretKeeper) {
        self.keeper = keeper
    }

    func replaced(in text: String) -> String {
        // No replaced value is shorter.
        if text.utf8.count < 4 { return text }
        if let known = answers.withLock({ $0[text] }) { return known }
        let answer = keeper.replaced(in: text)
        answers.withLock { answers in
            if answers.count > 100_000 { answers = [:] }
            answers[text] = answer
        }
        return answer
    }
}
