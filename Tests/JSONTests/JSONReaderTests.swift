// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// A text, and the value that it is.
struct Accepted: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue
    var testDescription: String { text }

    init(_ text: String, _ value: JSONValue) {
        (self.text, self.value) = (text, value)
    }
}

/// A text that is not JSON, where it stops being it, and why.
struct Rejected: Sendable, CustomTestStringConvertible {
    let text: String
    let offset: Int
    let message: String
    var testDescription: String { text }

    init(_ text: String, _ offset: Int, _ message: String) {
        (self.text, self.offset, self.message) = (text, offset, message)
    }
}

@Suite struct JSONReaderTests {
    @Test(arguments: [
        Accepted("null", nil), Accepted("true", true), Accepted("false", false),
        Accepted(" \t\r\n1 \t\r\n", 1),
        Accepted("[]", []), Accepted("[ ]", []), Accepted("{}", [:]), Accepted("{ }", [:]),
        Accepted("[[]]", [[]]),
        Accepted("[1,2]", [1, 2]), Accepted("[ 1 , \"a\" , null ]", [1, "a", nil]),
        Accepted("{\"a\":1}", ["a": 1]),
        Accepted("{ \"a\" : { \"b\" : [ ] } , \"\" : true }", ["a": ["b": []], "": true]),
        Accepted("\"\"", ""), Accepted("\"a b\"", "a b"),
        Accepted("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
        Accepted("\"\\u0041\\u00e9\\u20AC\"", "Aé€"), Accepted("\"\\u0000\"", "\0"),
        Accepted("\"\u{7f}\"", "\u{7f}"),
        Accepted("\"é€😀\"", "é€😀"), Accepted("\"\\ud83d\\ude00\"", "😀"),
        Accepted("\"\\uD83D\\uDE00x\"", "😀x"),
        Accepted("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"), Accepted("\"\u{feff}\"", "\u{feff}"),
        Accepted("\"\u{10ffff}\\udbff\\udfff\"", "\u{10ffff}\u{10ffff}"),
    ]) func `a text is the value that it says`(row: Accepted) throws {
        #expect(try JSONValue(parsing: row.text) == row.value)
    }

    @Test(arguments: [
        Accepted("\"\\ud800\"", "\u{fffd}"), Accepted("\"\\udc00\"", "\u{fffd}"),
        Accepted("\"\\ud800x\"", "\u{fffd}x"),
        Accepted("\"\\ud800\\n\"", "\u{fffd}\n"), Accepted("\"\\ud800\\u0041\"", "\u{fffd}A"),
        Accepted("\"\\ud800\\ud83d\\ude00\"", "\u{fffd}😀"),
        Accepted("\"\\ude00\\ud83d\"", "\u{fffd}\u{fffd}"),
    ]) func `half a surrogate pair becomes the replacement character`(row: Accepted) throws {
        #expect(try JSONValue(parsing: row.text) == row.value)
    }

    @Test(
        arguments: [
            ("0", 0), ("-1", -1), ("10", 10), ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ] as [(String, Int64)]
    ) func `a whole number that fits 64 bits is one`(text: String, number: Int64) throws {
        #expect(try JSONValue(parsing: text) == .integer(number))
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test(arguments: [
        "-0", "0.0", "1.50", "1e400", "1E+2", "1e-07", "-0.0e0", "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616", "123456789012345678901234567890", "0.1234567890123456789012345", "1e5",
        "99999999999999999999",
    ]) func `any other number keeps its text`(text: String) throws {
        #expect(try JSONValue(parsing: text) == .number(text))
        #expect(try JSONValue(parsing: "[\(text)]").text == "[\(text)]")
    }

    @Test(arguments: [
        Rejected("", 0, "expected a value, found the end"),
        Rejected("  ", 2, "expected a value, found the end"),
        Rejected("nul", 3, "expected 'null', found the end"),
        Rejected("nule", 3, "expected 'null', found 'e'"),
        Rejected("True", 0, "expected a value, found 'T'"), Rejected("NaN", 0, "expected a value, found 'N'"),
        Rejected("Infinity", 0, "expected a value, found 'I'"),
        Rejected("'a'", 0, "expected a value, found '''"),
        Rejected("1 2", 2, "expected the end, found '2'"), Rejected("[1]]", 3, "expected the end, found ']'"),
        Rejected("nullx", 4, "expected the end, found 'x'"),
        Rejected("\u{feff}1", 0, "expected a value, found byte 0xef"),
        Rejected("1\u{a0}", 1, "expected the end, found byte 0xc2"),
        Rejected("1\0", 1, "expected the end, found byte 0x00"),
        Rejected("// a\n1", 0, "expected a value, found '/'"),
        Rejected("[", 1, "expected a value, found the end"), Rejected("]", 0, "expected a value, found ']'"),
        Rejected("[1", 2, "expected ',' or ']', found the end"),
        Rejected("[1,", 3, "expected a value, found the end"),
        Rejected("[1,]", 3, "expected a value, found ']'"),
        Rejected("[,1]", 1, "expected a value, found ','"),
        Rejected("[1 2]", 3, "expected ',' or ']', found '2'"),
        Rejected("[1}", 2, "expected ',' or ']', found '}'"),
        Rejected("{", 1, "expected a member's name, found the end"),
        Rejected("{1:2}", 1, "expected a member's name, found '1'"),
        Rejected("{a:1}", 1, "expected a member's name, found 'a'"),
        Rejected("{\"a\"}", 4, "expected ':', found '}'"),
        Rejected("{\"a\":}", 5, "expected a value, found '}'"),
        Rejected("{\"a\":1", 6, "expected ',' or '}', found the end"),
        Rejected("{\"a\":1,}", 7, "expected a member's name, found '}'"),
        Rejected("{\"a\":1 \"b\":2}", 7, "expected ',' or '}', found '\"'"),
        Rejected("{\"a\" 1}", 5, "expected ':', found '1'"),
        Rejected("{,}", 1, "expected a member's name, found ','"),
    ]) func `what is not JSON is refused at its first byte that does not fit`(row: Rejected) {
        expectRejection(row)
    }

    @Test(arguments: [
        Rejected("-", 1, "expected a digit, found the end"),
        Rejected("- 1", 1, "expected a digit, found a blank"),
        Rejected("+1", 0, "expected a value, found '+'"),
        Rejected("01", 1, "a number may not begin with a superfluous 0"),
        Rejected("-012", 2, "a number may not begin with a superfluous 0"),
        Rejected(".5", 0, "expected a value, found '.'"),
        Rejected("1.", 2, "expected a digit, found the end"),
        Rejected("1.e5", 2, "expected a digit, found 'e'"),
        Rejected("1e", 2, "expected a digit, found the end"),
        Rejected("1e+", 3, "expected a digit, found the end"),
        Rejected("1e+-2", 3, "expected a digit, found '-'"),
        Rejected("1e5.2", 3, "expected the end, found '.'"),
        Rejected("0x10", 1, "expected the end, found 'x'"),
        Rejected("1_000", 1, "expected the end, found '_'"),
        Rejected("--1", 1, "expected a digit, found '-'"),
        Rejected("1.2.3", 3, "expected the end, found '.'"),
        Rejected("１", 0, "expected a value, found byte 0xef"),
    ]) func `a number has one way to be written`(row: Rejected) {
        expectRejection(row)
    }

    @Test(arguments: [
        Rejected("\"", 1, "expected '\"', found the end"), Rejected("\"a", 2, "expected '\"', found the end"),
        Rejected("\"a\\", 3, "expected an escape, found the end"),
        Rejected("\"a\\\"", 4, "expected '\"', found the end"),
        Rejected("\"\\x41\"", 2, "expected an escape, found 'x'"),
        Rejected("\"\\'\"", 2, "expected an escape, found '''"),
        Rejected("\"\\u12\"", 5, "expected a hexadecimal digit, found '\"'"),
        Rejected("\"\\u12", 5, "expected a hexadecimal digit, found the end"),
        Rejected("\"\\u00g0\"", 5, "expected a hexadecimal digit, found 'g'"),
        Rejected("\"\\ud800\\u00zz\"", 11, "expected a hexadecimal digit, found 'z'"),
        Rejected("\"a\nb\"", 2, "expected a control character to be escaped, found byte 0x0a"),
        Rejected("\"a\tb\"", 2, "expected a control character to be escaped, found byte 0x09"),
        Rejected("\"\\n\0\"", 3, "expected a control character to be escaped, found byte 0x00"),
        Rejected("\"\u{1f}\"", 1, "expected a control character to be escaped, found byte 0x1f"),
        Rejected("{\"a\\q\":1}", 4, "expected an escape, found 'q'"),
    ]) func `a text must be closed and its escapes known`(row: Rejected) {
        expectRejection(row)
    }

    private func expectRejection(_ row: Rejected) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: row.text) }
        #expect(error?.offset == row.offset)
        #expect(error?.message == row.message)
    }

    @Test(
        arguments: [
            ([0x22, 0xff, 0x22], 1), ([0x22, 0x61, 0xc3, 0x22], 2), ([0x22, 0x80, 0x22], 1),
            ([0x22, 0x61, 0x62, 0xc0, 0xaf, 0x22], 3), ([0x22, 0xe2, 0x82, 0x22], 1),
            ([0x22, 0xed, 0xa0, 0x80, 0x22], 1),
            ([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0xf0, 0x80, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xc3, 0xa9, 0xfe, 0x22], 3), ([0x22, 0x5c, 0x6e, 0xff, 0x22], 3),
            ([0x22, 0x61, 0x5c, 0x6e, 0x62, 0xc3, 0x22], 5),
            ([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], 2),
        ] as [([UInt8], Int)]
    ) func `bytes that are not UTF-8 are refused where they begin`(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.offset == offset)
        #expect(error?.message == "invalid UTF-8 in a text")
    }

    @Test func `an error tells line and column, counted in bytes from 1`() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"é\": [1,\r\n    x]\n}") }
        #expect(error?.line == 3 && error?.column == 5 && error?.offset == 19)
        #expect(error?.description == "line 3, column 5: expected a value, found 'x'")
        let first = #expect(throws: JSONError.self) { try JSONValue(parsing: "?") }
        #expect(first?.line == 1 && first?.column == 1)
        let last = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\n") }
        #expect(last?.line == 2 && last?.column == 1)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `nesting goes to the limit and not beyond`(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            let inside = open == "[" ? "" : "1"
            return String(repeating: open, count: depth) + inside + String(repeating: close, count: depth)
        }
        let deepest = nested(JSONValue.depthLimit)
        #expect(try JSONValue(parsing: deepest).text == deepest)
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: nested(JSONValue.depthLimit + 1))
        }
        #expect(error?.message == "nested deeper than 512")
        #expect(error?.offset == JSONValue.depthLimit * open.utf8.count)
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: open, count: 1_000_000)) }
        let wide = "[" + String(repeating: "[],", count: 2000) + "[]]"
        #expect(try JSONValue(parsing: wide).arrayValue?.count == 2001)
    }

    @Test func `of two members of one name the last value stays, at the first one's place`() throws {
        #expect(try JSONValue(parsing: "{\"a\":1,\"b\":2,\"a\":3}").text == "{\"a\":3,\"b\":2}")
        #expect(try JSONValue(parsing: "{\"a\":1,\"\\u0061\":2}").text == "{\"a\":2}")
        let many = (0..<60).map { "\"k\($0 % 40)\":\($0)" }.joined(separator: ",")
        let object = try #require(try JSONValue(parsing: "{\(many)}").objectValue)
        #expect(object.count == 40)
        #expect(object["k0"] == 40 && object["k19"] == 59 && object["k20"] == 20)
        #expect(Array(object.keys.prefix(2)) == ["k0", "k1"])
    }

    @Test func `names and texts differ as soon as their bytes do`() throws {
        // é as one scalar and as two: one character for readers, two texts for JSON.
        let (one, two) = ("caf\u{e9}", "cafe\u{301}")
        let text = "{\"\(one)\":1,\"\(two)\":2}"
        let value = try JSONValue(parsing: text)
        #expect(value.text.utf8.elementsEqual(text.utf8))
        #expect(value[one] == 1 && value[two] == 2)
        #expect(JSONValue.string(one) != .string(two))
        #expect(try JSONValue(parsing: "{\"\(one)\":1}") != JSONValue(parsing: "{\"\(two)\":1}"))
        var long = JSONObject((0..<40).map { ("k\($0)", .integer($0)) })
        long[one] = 1
        long[two] = 2
        #expect(long[one] == 1 && long[two] == 2 && long.count == 42)
        // The same marks in another order, so of one length.
        let (above, below) = ("a\u{301}\u{323}", "a\u{323}\u{301}")
        #expect(JSONValue.string(above) != .string(below))
    }
}
