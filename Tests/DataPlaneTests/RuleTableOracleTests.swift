// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

/// The definition as the documents give it, without any cleverness: rules in order of priority, conditions one
/// by one, values one by one.
private enum PlainRules {
    static func choose(
        _ rules: [RuleConfiguration],
        _ request: HTTPRequest,
        source: String,
        answer: HTTPResponse? = nil
    ) -> Int? {
        rules.sorted { $0.priority < $1.priority }.first { rule in
            rule.conditions.allSatisfy { holds($0, request, source, answer) }
        }?.priority
    }

    private static func holds(
        _ condition: RuleCondition,
        _ request: HTTPRequest,
        _ source: String,
        _ answer: HTTPResponse?
    ) -> Bool {
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
            return pairs.contains { pair in
                query.contains { $0.hasPrefix(pair.key + "=") && fits(pair.value, after($0, pair.key)) }
            }
        case .cookie(let pairs):
            let cookies = (request.headerFields[.cookie] ?? "").split(separator: ";").map {
                $0.drop { $0 == " " }
            }
            return pairs.contains { pair in
                cookies.contains {
                    $0.hasPrefix(pair.key + "=") && fits(pair.value, after(String($0), pair.key))
                }
            }
        case .sourceIP(let values):
            // The generator makes blocks of four addresses, and whole ones.
            let parts = source.split(separator: ".").compactMap { Int($0) }
            return values.contains { value in
                let block = value.split(separator: "/")
                let base = block[0].split(separator: ".").compactMap { Int($0) }
                guard block.count == 2 else { return parts == base }
                return parts.dropLast() == base.dropLast() && parts[3] / 4 == base[3] / 4
            }
        case .responseHeader(let key, let values):
            guard let found = answer?.headerFields[name(key)] else { return false }
            return values.contains { fits($0.lowercased(), found.lowercased()) }
        case .responseStatusCode(let values):
            guard let code = answer?.status.code else { return false }
            return values.contains { $0 == "\(code)" || $0 == "\(code / 100)xx" }
        }
    }

    private static func after(_ pair: String, _ key: String) -> String {
        String(pair.dropFirst(key.count + 1))
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
            conditions.append(.queryString([KeyValue(key: "q", value: pick(["1", "2", "1*", "?", "*2*"]))]))
        }
        if random.next() % 7 == 0 {
            let values = values { $0.pick(["tea", "t*", "?", "coffee"]) }
            conditions.append(.cookie(values.map { KeyValue(key: pick(["cup", "pot"]), value: $0) }))
        }
        if random.next() % 9 == 0 {
            conditions.append(.sourceIP(values { $0.pick(["10.0.0.0/30", "10.0.0.8/30", "10.0.0.9"]) }))
        }
        return conditions
    }

    mutating func answerConditions() -> [RuleCondition] {
        var conditions = random.next() % 2 == 0 ? self.conditions() : []
        if random.next() % 3 > 0 {
            conditions.append(.responseStatusCode(values { $0.pick(["200", "404", "5xx", "503"]) }))
        }
        if conditions.isEmpty || random.next() % 3 == 0 {
            conditions.append(.responseHeader(key: "Kind", values: values { $0.pick(["a", "B*", "?c"]) }))
        }
        return conditions
    }

    mutating func answer() -> HTTPResponse {
        var answer = HTTPResponse(status: .init(code: pick([200, 404, 500, 503])))
        if random.chance(0.6) { answer.headerFields[name("kind")] = pick(["A", "b", "bx", "ac"]) }
        return answer
    }

    mutating func request() -> HTTPRequest {
        var fields: HTTPFields = [:]
        if random.chance(0.4) { fields[name("v")] = pick(["1", "2", "3"]) }
        if random.chance(0.5) {
            fields[.cookie] = pick(["cup=tea", "cup=coffee; pot=t", "a=b; pot=tea", "pot=; cup=x"])
        }
        return get(
            path() + pick(["", "", "?q=1", "?x=2&q=2", "?q=12", "?q=02&q="]),
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

    @Test(arguments: 1...20)
    func `rules on answers decide as the plain definition does`(seed: UInt64) {
        var generator = Generator(random: RandomStream(seed: seed))
        let count = Int(1 + seed % 15)
        let rules = (0..<count).map { rule($0 * 3 + 1, generator.answerConditions()) }
        var listener = listener()
        listener.responseRules = rules
        let table = RuleTable(listener, settings: DataPlaneSettings())
        for _ in 0..<60 {
            let (request, answer) = (generator.request(), generator.answer())
            let source = generator.pick(["10.0.0.1", "10.0.0.9"])
            let expected = PlainRules.choose(rules, request, source: source, answer: answer)
            let found = table.responseRule(for: answer, to: facts(request, from: source))
            #expect(found?.configuration.priority == expected, "\(answer.status) \(request.path ?? "")")
        }
    }
}
