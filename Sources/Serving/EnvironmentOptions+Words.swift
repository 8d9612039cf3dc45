// SPDX-License-Identifier: Apache-2.0
public import Ports

extension EnvironmentOptions {
    /// Reads the words behind `albedo serve`, as long as they are plain: known options, each once, with values that fit.
    ///
    /// The library that reads command lines takes as long for them as the whole start of the server does. What is not
    /// plain is left to it: mistakes, questions for help and rarer options.
    public init?(plain words: [String]) {
        self.init()
        var seen: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else { return nil }
            let parts = word.dropFirst(2).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            guard !seen.contains(name) else { return nil }
            seen.append(name)
            if parts.count == 1, set(flag: name) { continue }
            guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst(), !value.isEmpty,
                parts.count > 1 || !value.hasPrefix("-"), set(name, value)
            else { return nil }
        }
    }

    private mutating func set(flag name: String) -> Bool {
        switch name {
        case "no-controller": withController = false
        case "no-cluster": withCluster = false
        case "strict-signatures": withStrictSignatures = true
        default: return false
        }
        return true
    }

    private mutating func set(_ name: String, _ value: String) -> Bool {
        switch name {
        case "directory": directory = value
        case "state": stateFile = value
        case "token" where Self.isToken(value): token = value
        case "kubernetes": return Self.read(value, into: &kubernetes)
        case "cloud": return Self.read(value, into: &cloud)
        case "control": return Self.read(value, into: &control)
        case "nodes": return Self.read(value, in: Self.nodeCounts, into: &nodeCount)
        case "workers": return Self.read(value, in: Self.workerCounts, into: &workerCount)
        default: return false
        }
        return true
    }

    private static func read(_ text: String, into address: inout SocketAddress) -> Bool {
        guard let found = SocketAddress(listening: text) else { return false }
        address = found
        return true
    }

    private static func read(_ text: String, in range: ClosedRange<Int>, into number: inout Int) -> Bool {
        guard let found = Int(text), range.contains(found) else { return false }
        number = found
        return true
    }

    /// How many nodes there can be.
    public static let nodeCounts = 0...200

    /// How many event loops the load balancers can have.
    public static let workerCounts = 1...64

    /// True for what can be a bearer token: a word without quotes.
    public static func isToken(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "\"" }
    }
}

extension SocketAddress {
    /// Reads `HOST:PORT` with an IP address for a host; `localhost` is 127.0.0.1.
    public init?(listening text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.isEmpty || host == "localhost" { host = "127.0.0.1" }
        self.init(ip: host, port: port)
    }
}
