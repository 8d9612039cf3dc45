// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks that many kinds share. A path is made for a mistake only.
///
/// - Source: the core validation of Kubernetes 1.36 (seen upstream).
extension FieldErrors {
    /// A rule for a text: what is wrong with it, nothing when all is well.
    typealias TextRule = (String) -> [String]

    /// Complains about a text once for each thing that a rule finds.
    mutating func check(_ text: String, _ rule: TextRule, _ path: @autoclosure () -> FieldPath) {
        for message in rule(text) { invalid(path(), .string(text), message) }
    }

    /// Checks a text by a rule when there is one.
    mutating func checkGiven(_ value: JSONValue?, _ rule: TextRule, _ path: @autoclosure () -> FieldPath) {
        guard let text = value?.stringValue, !text.isEmpty else { return }
        check(text, rule, path())
    }

    /// Checks that a text is there.
    mutating func needs(_ value: JSONValue?, _ path: @autoclosure () -> FieldPath) {
        if (value?.stringValue ?? "").isEmpty { required(path()) }
    }

    /// Checks that a text is one of some; a missing one is required.
    mutating func choice(_ value: JSONValue?, _ choices: [String], _ path: @autoclosure () -> FieldPath) {
        guard let text = value?.stringValue, !text.isEmpty else { return required(path()) }
        if !choices.contains(text) { unsupported(path(), .string(text), choices) }
    }

    /// Checks that a text is one of some, when it is given.
    mutating func option(_ value: JSONValue?, _ choices: [String], _ path: @autoclosure () -> FieldPath) {
        guard let value else { return }
        if !choices.contains(value.stringValue ?? "") { unsupported(path(), value, choices) }
    }

    /// Checks that a number is not below zero.
    mutating func notNegative(_ value: JSONValue?, _ path: @autoclosure () -> FieldPath) {
        guard let number = value?.intValue, number < 0 else { return }
        invalid(path(), .integer(Int64(number)), "must be greater than or equal to 0")
    }

    /// Checks several numbers of one object.
    mutating func notNegative(_ object: JSONValue?, _ names: [String], _ path: @autoclosure () -> FieldPath) {
        for name in names { notNegative(object?[name], path()[name]) }
    }

    /// Checks a file's mode.
    mutating func checkMode(_ value: JSONValue?, _ path: @autoclosure () -> FieldPath) {
        guard let mode = value?.intValue, !(0...0o777).contains(mode) else { return }
        invalid(path(), .integer(Int64(mode)), "must be a number between 0 and 0777 (octal), both inclusive")
    }

    /// Checks a port: a number or a name.
    mutating func checkPort(_ port: JSONValue?, _ path: @autoclosure () -> FieldPath) {
        switch port {
        case .string(let name)?: check(name, NameRules.portName, path())
        case .integer(let number)?:
            for message in NameRules.portNumber(Int(number)) { invalid(path(), .integer(number), message) }
        default: break
        }
    }

    /// Checks that a path does not climb.
    mutating func checkNoBacksteps(_ text: String, _ path: @autoclosure () -> FieldPath) {
        if text.contains(".."), text.split(separator: "/").contains("..") {
            invalid(path(), .string(text), "must not contain '..'")
        }
    }

    /// Checks that a path leads downwards from where it is used.
    mutating func checkDescending(_ text: String, _ path: @autoclosure () -> FieldPath) {
        if text.hasPrefix("/") { invalid(path(), .string(text), "must be a relative path") }
        checkNoBacksteps(text, path())
    }

    /// Checks the path of a file in a volume, where names that begin with two dots are the node's.
    mutating func checkFilePath(_ text: String, _ path: @autoclosure () -> FieldPath) {
        checkDescending(text, path())
        if text.hasPrefix(".."), !text.hasPrefix("../"), text != ".." {
            invalid(path(), .string(text), "must not start with '..'")
        }
    }

    /// Checks a path behind a domain, such as `acme.io/foo`.
    mutating func checkPrefixedPath(_ text: String, _ path: @autoclosure () -> FieldPath) {
        if text.isEmpty { return required(path()) }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            let message = "must be a domain-prefixed path (such as \"acme.io/foo\")"
            return invalid(path(), .string(text), message)
        }
        for message in NameRules.dnsSubdomain(String(parts[0])) {
            invalid(path(), .string(text), message)
        }
    }
}
