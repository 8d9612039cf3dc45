// SPDX-License-Identifier: Apache-2.0

/// What to ask for: `GET https://cafe.example.com/tea`.
public struct RequestLine: Sendable, Hashable, CustomStringConvertible {
    /// The method, in capitals.
    public var method: String
    /// True for https.
    public var isSecure: Bool
    /// The host's name or address, in small letters.
    public var host: String
    /// The port; 443 or 80 when none is given.
    public var port: Int
    /// Path and query, beginning with a slash.
    public var path: String

    /// The methods that may be written.
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]

    /// `GET https://cafe.example.com/tea`.
    public var description: String {
        let usual = isSecure ? 443 : 80
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(method) \(isSecure ? "https" : "http")://\(shown)\(port == usual ? "" : ":\(port)")\(path)"
    }

    /// Reads a request; without a method it is a GET.
    ///
    /// - Throws: what is wrong with it.
    init(parsing text: String) throws(ValueProblem) {
        let words = text.split(separator: " ")
        guard let address = words.last, words.count <= 2 else {
            throw ValueProblem(
                "\"\(text)\" is no request",
                "write a request such as GET https://cafe.example.com/tea"
            )
        }
        method = "GET"
        if words.count == 2 {
            method = String(words[0])
            guard Self.methods.contains(method) else {
                throw ValueProblem(
                    "unknown method \"\(method)\"",
                    NearMiss.help(for: method, among: Self.methods)
                )
            }
        }
        guard let mark = address.firstRange(of: "://") else {
            let meant =
                address.contains(".") || address.contains("/") ? address : "cafe.example.com/\(address)"
            throw ValueProblem(
                "the address \"\(address)\" does not begin with http:// or https://",
                "write \(method) https://\(meant.drop { $0 == "/" })"
            )
        }
        switch address[..<mark.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default:
            throw ValueProblem(
                "the scheme \"\(address[..<mark.lowerBound])\" cannot be used",
                "write http:// or https://"
            )
        }
        let rest = address[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<end], isSecure: isSecure)
        let tail = rest[end...]
        if tail.contains("#") {
            throw ValueProblem(
                "a request carries no fragment: \"\(address)\"",
                "leave out what begins with #"
            )
        }
        path = tail.hasPrefix("/") ? String(tail) : "/" + tail
        if let strange = path.unicodeScalars.first(where: { $0.value <= 0x20 || $0.value >= 0x7f }) {
            throw ValueProblem("the path holds \"\(Character(strange))\"", "write it as %XX")
        }
    }

    private static func authority(_ text: Substring, isSecure: Bool) throws(ValueProblem) -> (String, Int) {
        var host = text
        var port = isSecure ? 443 : 80
        if text.contains("@") {
            throw ValueProblem(
                "user names in an address are not supported: \"\(text)\"",
                "send an Authorization header instead"
            )
        }
        let searched = text.hasPrefix("[") ? text[(text.firstIndex(of: "]") ?? text.startIndex)...] : text
        if let colon = searched.lastIndex(of: ":") {
            let digits = text[text.index(after: colon)...]
            guard let number = Int(digits), (1...65_535).contains(number) else {
                throw ValueProblem("\"\(digits)\" is no port", "ports lie between 1 and 65535")
            }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { return (String(host.dropFirst().dropLast()), port) }
        let name = host.lowercased()
        guard !name.isEmpty else {
            throw ValueProblem("the address has no host", "write https://cafe.example.com/")
        }
        let isValid = name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
                }
        }
        guard isValid else {
            throw ValueProblem(
                "\"\(host)\" is no host name",
                "use letters, digits, '-' and dots: cafe.example.com"
            )
        }
        return (name, port)
    }
}
