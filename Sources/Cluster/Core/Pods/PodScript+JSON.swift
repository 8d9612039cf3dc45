// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
public import JSON
import Ports

/// Why a script could not be read.
public struct PodScriptError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String
}

extension PodScript {
    /// Reads a script.
    ///
    /// - Throws: `PodScriptError` naming the member that is unknown or has a wrong value.
    public init(_ json: JSONValue) throws(PodScriptError) {
        guard let members = json.objectValue else {
            throw PodScriptError(description: "a script is an object, not \(json.text)")
        }
        self.init()
        if let general = json["latency"] { answer.latency = try Self.range(general, "latency") }
        for member in members { try read(member.key, member.value) }
        // Paths inherit what the script says in general, wherever it says it.
        for path in json["paths"]?.objectValue ?? [:] {
            paths.append(PathAnswer(path: path.key, answer: try Self.answer(path.value, path.key, answer)))
        }
    }

    /// `127.0.0.1:9000`; nil when it is none.
    private static func address(_ text: String?) -> SocketAddress? {
        guard let text, let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let isAddress = !host.isEmpty && host.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
        return isAddress ? SocketAddress(ip: String(host), port: port) : nil
    }

    private mutating func read(_ key: String, _ value: JSONValue) throws(PodScriptError) {
        switch key {
        case "latency", "paths": break
        case "startup": startup = try Self.range(value, key)
        case "status": answer.status = try Self.status(value, key)
        case "body": answer.body = try Self.need(value.stringValue, "a text", value, key)
        case "errors":
            let share = try Self.need(value.doubleValue, "a number from 0 to 1", value, key)
            errors = try Self.need((0...1).contains(share) ? share : nil, "a number from 0 to 1", value, key)
        case "errorStatus": errorStatus = try Self.status(value, key)
        case "echo":
            for name in try Self.need(value.arrayValue, "a list of header fields", value, key) {
                let text = name.stringValue ?? ""
                let isName = HTTPField.Name("echo-" + text) != nil && HTTPField.Name(text) != nil
                echo.append(try Self.need(isName ? text : nil, "a header field's name", name, key))
            }
        case "program":
            program = try Self.need(Self.address(value.stringValue), "an IP address and a port", value, key)
        case "capacity": capacity = try Self.count(value, key, in: 1...1_000_000)
        case "ports":
            for port in try Self.need(value.arrayValue, "a list of ports", value, key) {
                ports.append(try Self.count(port, key, in: 1...65_535))
            }
        case "onTerm":
            let word = TermBehaviour(rawValue: value.stringValue ?? "")
            onTerm = try Self.need(word, "exit, drain or ignore", value, key)
        case "drain": drain = try Self.duration(value, key)
        case "crashAfter": crashAfter = try Self.duration(value, key)
        case "exitCode": exitCode = try Self.count(value, key, in: 0...255)
        case "readyAfter": readyAfter = try Self.duration(value, key)
        case "ready": isReady = try Self.need(value.boolValue, "true or false", value, key)
        case "live": isLive = try Self.need(value.boolValue, "true or false", value, key)
        case "log":
            for line in try Self.need(value.arrayValue, "a list of lines", value, key) {
                prints.append(try Self.need(line.stringValue, "a text", line, key))
            }
        case "accessLog": printsRequests = try Self.need(value.boolValue, "true or false", value, key)
        case "websocket": websocket = try Self.streaming(value, key)
        case "grpc": grpc = try Self.streaming(value, key)
        case "hang": hangs = try Self.need(value.boolValue, "true or false", value, key)
        case "pull": pulls = try Self.need(value.boolValue, "true or false", value, key)
        default: throw PodScriptError(description: "unknown member \"\(key)\" of a script")
        }
    }

    private static func answer(
        _ json: JSONValue,
        _ path: String,
        _ general: Answer
    ) throws(PodScriptError) -> Answer {
        var answer = general
        for member in try need(json.objectValue, "an object", json, path) {
            switch member.key {
            case "status": answer.status = try status(member.value, "\(path) status")
            case "body":
                answer.body = try need(member.value.stringValue, "a text", member.value, "\(path) body")
            case "latency": answer.latency = try range(member.value, "\(path) latency")
            default: throw PodScriptError(description: "unknown member \"\(member.key)\" of path \"\(path)\"")
            }
        }
        return answer
    }

    private static func streaming(_ value: JSONValue, _ key: String) throws(PodScriptError) -> Streaming? {
        if let isOn = value.boolValue { return isOn ? Streaming() : nil }
        var streaming = Streaming()
        for member in try need(value.objectValue, "true or an object", value, key) {
            let name = "\(key) \(member.key)"
            switch member.key {
            case "push": streaming.push = try duration(member.value, name)
            case "pushes": streaming.pushes = try count(member.value, name, in: 1...1_000_000)
            case "goodbye":
                streaming.goodbye = try need(member.value.boolValue, "true or false", member.value, name)
            case "status" where key == "grpc": streaming.status = try count(member.value, name, in: 0...16)
            default: throw PodScriptError(description: "unknown member \"\(member.key)\" of \"\(key)\"")
            }
        }
        if streaming.push == .zero {
            throw PodScriptError(description: "\(key) push: expected a duration above 0")
        }
        return streaming
    }

    // MARK: Values

    private static func need<Value>(
        _ value: Value?,
        _ what: String,
        _ found: JSONValue,
        _ key: String
    ) throws(PodScriptError) -> Value {
        guard let value else {
            throw PodScriptError(description: "\(key): expected \(what), found \(found.text)")
        }
        return value
    }

    private static func status(_ value: JSONValue, _ key: String) throws(PodScriptError) -> Int {
        try count(value, key, in: 200...599)
    }

    private static func count(
        _ value: JSONValue,
        _ key: String,
        in range: ClosedRange<Int>
    ) throws(PodScriptError) -> Int {
        let number = value.intValue.flatMap { range.contains($0) ? $0 : nil }
        return try need(number, "a number from \(range.lowerBound) to \(range.upperBound)", value, key)
    }

    private static func duration(_ value: JSONValue, _ key: String) throws(PodScriptError) -> Duration {
        try need(value.stringValue.flatMap { DurationText.parse($0) }, "a duration such as 250ms", value, key)
    }

    private static func range(
        _ value: JSONValue,
        _ key: String
    ) throws(PodScriptError) -> ClosedRange<Duration> {
        guard let pair = value.arrayValue else {
            let single = try duration(value, key)
            return single...single
        }
        let isPair = pair.count == 2 ? pair : nil
        let ends = try need(isPair, "a duration or a pair of durations", value, key)
        let (low, high) = (try duration(ends[0], key), try duration(ends[1], key))
        return try need(low <= high ? low...high : nil, "the shorter duration first", value, key)
    }
}

/// Durations as people write them.
enum DurationText {
    private static let units: [(String, Double)] = [
        ("ms", 1e6), ("us", 1e3), ("ns", 1), ("s", 1e9), ("m", 6e10), ("h", 3.6e12),
    ]

    /// Reads `250ms`, `1.5s`, `2m` or `1m30s`; nil for anything else, and for more than 10,000 hours.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        if rest == "0" { return .zero }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            guard let number = Double(digits),
                let unit = units.first(where: { unit in
                    rest.hasPrefix(unit.0) && (unit.0 != "m" || !rest.hasPrefix("ms"))
                })
            else { return nil }
            rest = rest.dropFirst(unit.0.count)
            total += number * unit.1
        }
        guard total <= 3.6e16 else { return nil }
        return .nanoseconds(Int64(total.rounded()))
    }
}
