// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import Scenarios

struct YAMLTests {
    private func json(_ text: String) throws -> JSONValue {
        let node = try #require(try YAMLParser.documents(SourceText(path: "f", text: text)).first)
        return node.json { mark, problem in Issue.record("\(mark): \(problem.message)") }
    }

    private func problem(_ text: String) throws -> String? {
        let node = try #require(try YAMLParser.documents(SourceText(path: "f", text: text)).first)
        var found: String?
        _ = node.json { _, problem in found = problem.message }
        return found
    }

    /// A scalar as it is written, and as kubectl sends it.
    struct ScalarCase: Sendable, CustomTestStringConvertible {
        let written: String
        let sent: String
        var testDescription: String { written }

        init(_ written: String, _ sent: String) {
            self.written = written
            self.sent = sent
        }
    }

    static let scalars = [
        ScalarCase("true", "true"), ScalarCase("True", "true"), ScalarCase("yes", "true"),
        ScalarCase("on", "true"),
        ScalarCase("y", "true"), ScalarCase("no", "false"), ScalarCase("Off", "false"),
        ScalarCase("N", "false"),
        ScalarCase("tRue", "\"tRue\""), ScalarCase("\"yes\"", "\"yes\""), ScalarCase("'no'", "\"no\""),
        ScalarCase("~", "null"), ScalarCase("null", "null"), ScalarCase("Null", "null"),
        ScalarCase("", "null"),
        ScalarCase("nil", "\"nil\""), ScalarCase("\"\"", "\"\""),
        ScalarCase("0", "0"), ScalarCase("42", "42"), ScalarCase("-7", "-7"), ScalarCase("+7", "7"),
        ScalarCase("0x1F", "31"), ScalarCase("0644", "420"), ScalarCase("0o644", "420"),
        ScalarCase("0b101", "5"),
        ScalarCase("089", "89"), ScalarCase("1_000", "1000"), ScalarCase("-0x10", "-16"),
        ScalarCase("9223372036854775807", "9223372036854775807"),
        ScalarCase("9223372036854775808", "9223372036854775808"),
        ScalarCase("18446744073709551616", "18446744073709551616"),
        ScalarCase("1.5", "1.5"), ScalarCase("1.50", "1.5"), ScalarCase("1.0", "1"), ScalarCase(".5", "0.5"),
        ScalarCase("1e3", "1000"), ScalarCase("1E-7", "1e-7"), ScalarCase("0.000001", "0.000001"),
        ScalarCase("1e21", "1e+21"), ScalarCase("1e20", "100000000000000000000"),
        ScalarCase("-2.25e2", "-225"),
        ScalarCase("1.", "1"), ScalarCase("1.2.3", "\"1.2.3\""), ScalarCase("1:30", "\"1:30\""),
        ScalarCase("12e", "\"12e\""), ScalarCase("-a", "\"-a\""), ScalarCase("0x", "\"0x\""),
        ScalarCase("2024-01-31", "\"2024-01-31\""),
        ScalarCase("2024-01-31T08:00:00Z", "\"2024-01-31T08:00:00Z\""),
        ScalarCase("10.0.0.0/8", "\"10.0.0.0/8\""), ScalarCase("100m", "\"100m\""),
        ScalarCase("1Gi", "\"1Gi\""),
        ScalarCase("\"8080\"", "\"8080\""), ScalarCase("!!str 8080", "\"8080\""),
        ScalarCase("!!int \"8080\"", "8080"),
        ScalarCase("!!float 1", "1"), ScalarCase("!!binary dGVh", "\"tea\""), ScalarCase("!thing x", "\"x\""),
        ScalarCase("|\n  a\n  b", "\"a\\nb\\n\""), ScalarCase(">-\n  a\n  b", "\"a b\""),
    ]

    @Test(arguments: scalars)
    func `scalars are what kubectl makes of them`(_ one: ScalarCase) throws {
        #expect(try json("v: \(one.written)\n")["v"]?.text == one.sent)
    }

    @Test(arguments: [
        (".inf", ".inf has no form in JSON"), ("-.INF", "-.INF has no form in JSON"),
        (".nan", ".nan has no form in JSON"), ("!!binary \"***\"", "the data after !!binary is not base64"),
        ("!!binary //8=", "the data after !!binary is not text, which JSON cannot hold"),
        ("!!int abc", "\"abc\" is no !!int"), ("{~: 1}", "a key is missing here"),
        ("{yes: 1, on: 2}", "the key \"true\" is given twice"),
    ])
    func `what has no form in JSON is refused`(_ written: String, _ message: String) throws {
        #expect(try problem("v: \(written)") == message)
    }

    @Test func `keys become texts and keep their order`() throws {
        #expect(
            try json("{z: 1, 8080: 2, y: 3, a: 4, 1.50: 7, \"on\": 8}").text
                == #"{"z":1,"8080":2,"true":3,"a":4,"1.5":7,"on":8}"#
        )
    }

    @Test func `anchors are expanded`() throws {
        #expect(try json("a: &x {b: [1]}\nc: *x").text == #"{"a":{"b":[1]},"c":{"b":[1]}}"#)
    }

    @Test func `a merge key brings what is not said beside it`() throws {
        let text = "base: &base {a: 1, b: 2}\nv:\n  <<: *base\n  b: 3\n  c: 4"
        #expect(try json(text)["v"]?.text == #"{"a":1,"b":3,"c":4}"#)
    }

    @Test func `of several mappings to merge the first one counts`() throws {
        let text = "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nv: {<<: [*x, *y], c: 3}"
        #expect(try json(text)["v"]?.text == #"{"a":1,"b":2,"c":3}"#)
    }

    @Test func `a byte order mark and Windows line ends do not matter`() throws {
        let documents = try YAMLParser.documents(
            SourceText(path: "f", text: "\u{feff}a: 1\r\nb:\r\n  c: 2\r\n")
        )
        #expect(documents[0]["b"]?["c"]?.mark == YAMLNode.Mark(line: 3, column: 6))
    }

    @Test func `a file may hold several documents and empty ones`() throws {
        let documents = try YAMLParser.documents(
            SourceText(path: "f", text: "---\na: 1\n---\n---\n# none\n---\nb: 2\n...\n")
        )
        #expect(documents.filter { !$0.isNull }.count == 2)
    }

    @Test func `a comment alone is no document`() throws {
        #expect(try YAMLParser.documents(SourceText(path: "f", text: "# a\n# b\n")).isEmpty)
    }
}
