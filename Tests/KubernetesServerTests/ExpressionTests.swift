// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct ExpressionTests {
    private static let subject: JSONValue = [
        "name": "web-1", "ports": [80, 443], "tags": ["a": "x"], "x-y": 1, "ratio": 2, "list": [],
        "items": [["key": "a", "n": 1], ["key": "b", "n": 2]],
    ]

    private func value(_ text: String) throws -> JSONValue {
        try CELEvaluator.value(
            try CELParser.parse(text),
            ["self": Self.subject, "oldSelf": ["name": "web-0"]]
        )
    }

    @Test(arguments: [
        "self.name == 'web-1'", "self.name != oldSelf.name", "has(self.tags.a) && !has(self.tags.b)",
        "size(self.ports) == 2 && self.ports.size() == 2", "self.ports.all(p, p > 0 && p < 65536)",
        "self.ports.exists(p, p == 443)", "self.items.exists_one(i, i.key == 'a')",
        "self.items.map(i, i.n) == [1, 2]", "self.items.filter(i, i.n > 1).size() == 1",
        "self.items.map(i, i.n > 1, i.key) == ['b']", "self.tags.all(k, k == 'a')", "80 in self.ports",
        "'a' in self.tags", "self.name.startsWith('web') && self.name.endsWith('1')",
        "self.name.matches('^[a-z]+-[0-9]$')", "self.name.split('-') == ['web', '1']",
        "self.name.replace('-', '_') == 'web_1'", "self.name.substring(0, 3) == 'web'",
        "self.name.indexOf('-') == 3", "'ÄB'.lowerAscii() == 'Äb'", "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9",
        "-7 / 2 == -3 && -7 % 2 == -1", "1 < 2 ? true : false", "true || self.nothing",
        "self.nothing || true",
        "!(false && self.nothing)", "self.x__dash__y == 1", "self.ports[0] == 80", "self['name'] == 'web-1'",
        "'a' + 'b' == 'ab'", "[1] + [2] == [1, 2]", "{'a': 1}.a == 1", "int('5') == 5", "string(5) == '5'",
        "self.ratio == 2.0", "r'\\d' == '\\\\d'", "self.ports.isSorted() && self.ports.max() == 443",
        "sets.contains(self.ports, [80])", "size('é') == 1", "self.list.all(x, false)", "[1, 2].sum() == 3",
        "self.items[1].n > self.items[0].n // with a remark",
    ])
    func `holds`(_ text: String) throws {
        #expect(try value(text) == true)
    }

    @Test(arguments: [
        ("self.nothing", "no such key: nothing"), ("1 / 0 == 1", "division by zero"),
        ("self.ports[5] == 1", "index out of bounds: 5"), ("self.name > 1", "no such overload"),
        ("9223372036854775807 + 1 > 0", "integer overflow"),
    ])
    func `has no value`(_ text: String, _ message: String) {
        #expect(throws: CELMistake(message)) { try value(text) }
    }

    @Test(arguments: [
        "self.", "self.a ==", "(1", "has(self)", "[1, 2", "self.all(1, true)", "'open", "1 ~ 2", "5u",
    ])
    func `can not be read`(_ text: String) {
        #expect(throws: CELMistake.self) { try CELParser.parse(text) }
    }

    @Test func `deep nesting is a mistake and no crash`() {
        let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
        #expect(throws: CELMistake.self) { try CELParser.parse(deep) }
        #expect(throws: CELMistake.self) { try CELParser.parse(String(repeating: "!", count: 5000) + "true") }
    }

    private static let schema = StructuralSchema([
        "type": "object",
        "properties": [
            "name": ["type": "string"], "count": ["type": "integer"],
            "list": ["type": "array", "items": ["type": "string"]],
        ],
    ])

    @Test(arguments: [
        ("self.other == 1", "undefined field"), ("self.name == 1", "no matching overload"),
        ("self.count.b == 1", "does not support field selection"), ("nobody == 1", "undeclared reference"),
        ("self.name.unheard()", "not evaluated here"), ("self.name", "must evaluate to a bool"),
        ("self.list.all(x, x > 1)", "no matching overload"),
        ("url(self.name).getHost() == ''", "not evaluated here"),
    ])
    func `makes no sense for a schema`(_ rule: String, _ words: String) throws {
        let found = ValidationRule.check(["rule": .string(rule)], Self.schema, isRoot: false)
        #expect(found.first?.why.contains(words) ?? false, "\(found.first?.why ?? "nothing")")
    }

    @Test func `a sound rule is accepted`() {
        let rule: JSONValue = [
            "rule": "self.count > 0 && self.list.all(x, x.size() > 0) && self.name == oldSelf.name"
        ]
        #expect(ValidationRule.check(rule, Self.schema, isRoot: false).isEmpty)
    }
}
