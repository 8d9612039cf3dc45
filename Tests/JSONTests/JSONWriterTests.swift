// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `only what must be escaped is`() {
        #expect(
            JSONValue.string("\"\\/\n\r\t\u{8}\u{c}\0\u{1}\u{1f}\u{7f}é😀\u{2028}").text
                == "\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0000\\u0001\\u001f\u{7f}é😀\u{2028}\""
        )
        #expect(JSONValue.string("").text == "\"\"")
        #expect(JSONValue.object(["\n\"": 1]).text == "{\"\\n\\\"\":1}")
    }

    @Test(arguments: [0, 1, -1, 9, 10, -10, 99, 100, 12_345, .max, .min] as [Int64])
    func `whole numbers are written in decimal`(number: Int64) {
        #expect(JSONValue.integer(number).text == String(number))
    }

    @Test func `members keep their order, sorted sorts at every depth`() throws {
        let text = "{\"b\":[{\"d\":1,\"c\":2}],\"a\":{\"z\":null,\"Z\":true,\"é\":1},\"aa\":[]}"
        let value = try JSONValue(parsing: text)
        #expect(value.text == text)
        #expect(
            value.sorted.text == "{\"a\":{\"Z\":true,\"z\":null,\"é\":1},\"aa\":[],\"b\":[{\"c\":2,\"d\":1}]}"
        )
        #expect(value.sorted == value)
    }

    @Test func `pretty text has two blanks for each level`() throws {
        let value = try JSONValue(parsing: "{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[]}")
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """
        )
        #expect(try JSONValue(parsing: value.prettyText) == value)
    }
}
