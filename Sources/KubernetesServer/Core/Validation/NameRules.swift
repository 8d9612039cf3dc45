// SPDX-License-Identifier: Apache-2.0

/// The rules for names, labels and keys; each gives what is wrong, nothing when all is well.
///
/// - Source: the validation package of the Kubernetes API machinery (seen upstream).
enum NameRules {
    private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    private static let subdomain = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
    private static let qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (0x41...0x5a).contains(byte)
    }

    private static func isLabel(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, isLowerOrDigit(first), isLowerOrDigit(last)
        else {
            return false
        }
        return bytes.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// A lower-case DNS label, such as a port's or namespace's name.
    static func dnsLabel(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 63 { errors.append("must be no more than 63 bytes") }
        if !isLabel(text[...]) {
            errors.append(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                    + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
                    + "validation is '\(label)')"
            )
        }
        return errors
    }

    /// A lower-case DNS label that begins with a letter.
    static func dnsLabel1035(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 63 { errors.append("must be no more than 63 bytes") }
        if !isLabel(text[...]) || (0x30...0x39).contains(text.utf8.first ?? 0x30) {
            errors.append(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                    + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
                    + "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
            )
        }
        return errors
    }

    /// Lower-case DNS labels with dots: the name of most objects.
    static func dnsSubdomain(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 253 { errors.append("must be no more than 253 characters") }
        if !text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel) {
            errors.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                    + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
                    + "validation is '\(subdomain)')"
            )
        }
        return errors
    }

    /// `*.` and a DNS subdomain.
    static func wildcardSubdomain(_ text: String) -> [String] {
        if text.hasPrefix("*."), text.utf8.count <= 253, dnsSubdomain(String(text.dropFirst(2))).isEmpty {
            return []
        }
        return [
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
                + "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character "
                + "(e.g. '*.example.com', regex used for validation is '\\*\\.\(subdomain)')"
        ]
    }

    /// The name of a key of labels, with or without a DNS subdomain and a slash before it.
    static func qualifiedName(_ text: String) -> [String] {
        if isUsual(text) { return [] }
        var errors: [String] = []
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let name: Substring
        switch parts.count {
        case 1: name = parts[0]
        case 2:
            name = parts[1]
            if parts[0].isEmpty {
                errors.append("prefix part must be non-empty")
            } else {
                errors += dnsSubdomain(String(parts[0])).map { "prefix part \($0)" }
            }
        default:
            return [
                "a qualified name \(shape()) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        if name.isEmpty {
            errors.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            errors.append("name part must be no more than 63 bytes")
        }
        if !isQualified(name) { errors.append("name part \(shape())") }
        return errors
    }

    private static func shape() -> String {
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '\(qualified)')"
    }

    private static func isQualified(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, isLetterOrDigit(first), isLetterOrDigit(last)
        else {
            return false
        }
        return bytes.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
    }

    /// The value of a label.
    static func labelValue(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 63 { errors.append("must be no more than 63 bytes") }
        if !text.isEmpty, !isQualified(text[...]) {
            errors.append(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                    + "must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
                    + "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            )
        }
        return errors
    }

    /// A key of a ConfigMap or Secret.
    static func configKey(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 253 { errors.append("must be no more than 253 characters") }
        if text.isEmpty || !text.utf8.allSatisfy({ isLetterOrDigit($0) || "-_.".utf8.contains($0) }) {
            errors.append(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
                    + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
            )
        }
        if text == "." { errors.append("must not be '.'") }
        if text == ".." {
            errors.append("must not be '..'")
        } else if text.hasPrefix("..") {
            errors.append("must not start with '..'")
        }
        return errors
    }

    /// A port's name in a container or as a target.
    static func portName(_ text: String) -> [String] {
        var errors: [String] = []
        if text.utf8.count > 15 { errors.append("must be no more than 15 characters") }
        if !text.utf8.allSatisfy({ isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }) {
            errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: { (0x61...0x7a).contains($0) }) {
            errors.append("must contain at least one letter (a-z)")
        }
        if text.contains("--") { errors.append("must not contain consecutive hyphens") }
        if text.hasPrefix("-") || text.hasSuffix("-") { errors.append("must not begin or end with a hyphen") }
        return errors
    }

    /// A port's number.
    static func portNumber(_ number: Int) -> [String] {
        (1...65535).contains(number) ? [] : ["must be between 1 and 65535, inclusive"]
    }

    /// The name of an environment variable.
    static func variable(_ text: String) -> [String] {
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") }
            ? []
            : [
                "a valid environment variable name must consist only of printable ASCII characters other than '='"
            ]
    }

    /// The name of a field in the head of an HTTP request.
    static func headerField(_ text: String) -> [String] {
        let isName =
            !text.isEmpty && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        return isName
            ? []
            : [
                "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex "
                    + "used for validation is '[-A-Za-z0-9]+')"
            ]
    }

    /// Lower-case DNS labels with dots, in which underscores may stand too.
    static func dnsSubdomainWithUnderscore(_ text: String) -> [String] {
        let part = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
        var errors: [String] = []
        if text.utf8.count > 253 { errors.append("must be no more than 253 characters") }
        let areLabels = text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return (isLowerOrDigit(first) || first == UInt8(ascii: "_")) && isLowerOrDigit(last)
                && label.utf8.allSatisfy { isLowerOrDigit($0) || "-_".utf8.contains($0) }
        }
        if !areLabels {
            errors.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
                    + "must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
                    + "validation is '\(part)(\\.\(part))*')"
            )
        }
        return errors
    }
}
