// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

/// The definition as the documents give it, without any cleverness: rules in order of priority, conditions one
/// by one, values one by one.
private enum PlainRules {
    static func choose(_ rules: [RuleConfiguration], _ request: HTTPRequest, source: String) -> Int? {
        rules.sorted { $0.priority < $1.priority }.first { rule in
            rule.conditions.allSatisfy { holds($0, request, source) }
        }?.priority
    }

    private static func holds(_ condition: RuleCondition, _ request: HTTPRequest, _ source: String) -> Bool {
        let authority = (request.authority ?? "").lowercased()
        let host = String(authority.split(separator: ":").first ?? "")
        let target = (request.path ?? "").split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        switch condition {
        case .host(let values): return values.contains { fits($0.lowercased(), host) }
        case .path(let values): return values.contains { fits($0, String(target[0])) }
        case .method(let values): return values.contains(request.method.rawValue)
        case .header(let key, let values):
            guard let found = request.headerFields[name(key)] else { return false }
            return values.contains { fits($0.lowercased(), found.lowercased()) }
        case .queryString(let pairs):
            let query = target.count == 2 ? target[1].split(separator: "&").map(String.init) : []
            return pairs.contains { query.contains("\($0.key)=\($0.value)") }
        default: return source == "10.0.0.1"
        }
    }

    private static func fits(_ pattern: String, _ text: String) -> Bool {
        if pattern.hasPrefix("~") {
            // The generator makes only expressions of the form ^literal.
            return text.hasPrefix(pattern.dropFirst(2))
        }
        return glob(Array(pattern), Array(text))
    }

    private static func glob(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "*" { return (0...text.count).contains { glob(rest, Array(text.dropFirst($0))) } }
        guard let head = text.first, first == "?" || first == head else { return false }
        return glob(rest, Array(text.dropFirst()))
    }
}

/// Makes configurations and requests out of few words, so that they often meet.
private struct Generator {
    var random: RandomStream

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    mutating func host() -> String {
        pick(["a", "b", "ab", "x.a"]) + pick([".example", ".com", ".a.example"])
    }

    mutating func path() -> String {
        (0..<Int(1 + random.next() % 3)).reduce(into: "") { text, _ in
            text += "/" + pick(["a", "b", "aa", "tea", ""])
        }
    }

    mutating func hostPattern() -> String {
        switch random.next() % 6 {
        case 0: "*" + pick([".example", ".com", ".a.example", "a.example", ""])
        case 1: pick(["a?", "?", "a*", "*a"]) + pick([".example", ".com"])
        case 2: "~^" + pick(["a", "ab", "x"])
        default: host()
        }
    }

    mutating func pathPattern() -> String {
        switch random.next() % 6 {
        case 0, 1: path() + pick(["*", "/*"])
        case 2: pick(["/*a", "/?", "/t?a*", "/*", "/*/a/*"])
        case 3: "~^" + path()
        default: path()
        }
    }

    mutating func values(_ make: (inout Generator) -> String) -> [String] {
        (0..<Int(1 + random.next() % 3)).map { _ in make(&self) }
    }

    mutating func conditions() -> [RuleCondition] {
        var conditions: [RuleCondition] = []
        if random.next() % 3 > 0 { conditions.append(.host(values { $0.hostPattern() })) }
        if random.next() % 4 > 0 { conditions.append(.path(values { $0.pathPattern() })) }
        if random.next() % 5 == 0 { conditions.append(.method([pick(["GET", "POST"])])) }
        if random.next() % 5 == 0 { conditions.append(.header(key: "V", values: [pick(["1", "2", "*"])])) }
        if random.next() % 7 == 0 {
            conditions.append(.queryString([KeyValue(key: "q", value: pick(["1", "2"]))]))
        }
        if random.next() % 9 == 0 { conditions.append(.sourceIP(["10.0.0.0/30"])) }
        return conditions
    }

    mutating func request() -> HTTPRequest {
        var fields: HTTPFields = [:]
        if random.chance(0.4) { fields[name("v")] = pick(["1", "2", "3"]) }
        return get(
            path() + pick(["", "", "?q=1", "?x=2&q=2"]),
            host: host() + pick(["", ":80"]),
            method: pick([.get, .get, .post]),
            fields: fields
        )
    }
}

@Suite struct RuleTableOracleTests {
    @Test(arguments: 1...40)
    func `the compiled table decides as the plain definition does`(seed: UInt64) {
        var generator = Generator(random: RandomStream(seed: seed))
        let count = seed % 4 == 0 ? 150 : Int(1 + seed % 20)
        var priorities = Array(1...(count * 2))
        priorities.shuffle(using: &generator.random)
        let rules = (0..<count).map { index in rule(priorities[index], generator.conditions()) }
        let table = table(rules)
        for _ in 0..<60 {
            let request = generator.request()
            let source = generator.pick(["10.0.0.1", "10.0.0.9"])
            let expected = PlainRules.choose(rules, request, source: source)
            let found = table.rule(for: facts(request, from: source))?.configuration.priority
            #expect(found == expected, "\(request.authority ?? "") \(request.path ?? "")")
            // What is explained must be what is decided.
            let trials = table.trials(for: facts(request, from: source))
            #expect(trials.first { $0.holds }?.priority == expected)
        }
    }
}
