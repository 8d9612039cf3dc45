// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct JSONValueTests {
    @Test func `objects are equal whatever the order of their members`() throws {
        let left = try JSONValue(parsing: "{\"a\":1,\"b\":{\"c\":[1,2],\"d\":null}}")
        let right = try JSONValue(parsing: "{\"b\":{\"d\":null,\"c\":[1,2]},\"a\":1}")
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        for other in [
            "{\"a\":1}", "{\"a\":1,\"b\":{\"c\":[2,1],\"d\":null}}", "{\"a\":1,\"b\":{\"c\":[1,2]}}",
            "{\"a\":1,\"c\":{\"c\":[1,2],\"d\":null}}", "{\"a\":1,\"b\":{\"c\":[1,2],\"d\":null},\"e\":null}",
        ] { #expect(try left != JSONValue(parsing: other), "\(other)") }
    }

    @Test func `numbers are equal as they are written`() throws {
        #expect(try JSONValue(parsing: "1") != JSONValue(parsing: "1.0"))
        #expect(try JSONValue(parsing: "1.0") == JSONValue(parsing: "1.0"))
        #expect(try JSONValue(parsing: "0") != JSONValue(parsing: "-0"))
        #expect(JSONValue.string("1") != .integer(1) && JSONValue.null != false && JSONValue.array([]) != [:])
    }

    @Test func `a value is asked for its kind`() {
        let value: JSONValue = [
            "text": "a", "number": 5, "real": .number("1.5"), "truth": true, "none": nil, "list": [1],
        ]
        #expect(value["text"]?.stringValue == "a" && value["number"]?.stringValue == nil)
        #expect(value["number"]?.intValue == 5 && value["real"]?.intValue == nil)
        #expect(value["number"]?.doubleValue == 5 && value["real"]?.doubleValue == 1.5)
        #expect(value["truth"]?.boolValue == true && value["number"]?.boolValue == nil)
        #expect(
            value["list"]?[0] == 1 && value["list"]?[1] == nil && value["list"]?[-1] == nil
                && value["text"]?[0] == nil
        )
        #expect(
            value["list"]?.arrayValue?.count == 1 && value.objectValue?.count == 6 && value.arrayValue == nil
        )
    }

    @Test func `a member that is null is not a member that is missing`() {
        let value: JSONValue = ["none": nil]
        #expect(value["none"] != nil)
        #expect(value["none"]?.isNull == true)
        #expect(value["missing"] == nil)
        #expect(value.text == "{\"none\":null}")
    }

    @Test func `setting keeps places, appends and removes`() {
        var value: JSONValue = ["a": 1, "b": 2]
        value["a"] = 3
        value["c"] = .null
        #expect(value.text == "{\"a\":3,\"b\":2,\"c\":null}")
        value["b"] = nil
        value["zzz"] = nil
        #expect(value.text == "{\"a\":3,\"c\":null}")
        var text: JSONValue = "text"
        text["a"] = 1
        #expect(text == ["a": 1])
    }

    @Test func `a path is set, with objects made on the way`() {
        var value: JSONValue = ["metadata": ["name": "a"], "text": "t"]
        value.set(["metadata", "labels", "app"], "tea")
        value.set(["text", "inside"], 1)
        value.set(["spec"], [:])
        #expect(
            value.text
                == "{\"metadata\":{\"name\":\"a\",\"labels\":{\"app\":\"tea\"}},\"text\":{\"inside\":1},\"spec\":{}}"
        )
        #expect(value[path: ["metadata", "labels", "app"]] == "tea")
        #expect(value[path: ["metadata", "name", "x"]] == nil && value[path: []] == value)
        value.set(["metadata", "labels", "app"], .null)
        #expect(value[path: ["metadata", "labels", "app"]] == .some(.null))
    }

    @Test func `a path is removed, and nothing is made on the way`() {
        var value: JSONValue = ["metadata": ["name": "a", "labels": ["app": "tea"]], "text": "t"]
        let before = value
        value.set(["spec", "replicas"], nil)
        value.set(["text", "inside"], nil)
        value.set(["metadata", "annotations", "a"], nil)
        value.set(["metadata", "name", "deeper", "still"], nil)
        #expect(value.text == before.text)
        value.set(["metadata", "labels", "app"], nil)
        value.set(["text"], nil)
        #expect(value.text == "{\"metadata\":{\"name\":\"a\",\"labels\":{}}}")
        value.set([], "all")
        #expect(value == "all")
        value.set([], nil)
        #expect(value.isNull)
        var text: JSONValue = "t"
        text.set(["a"], nil)
        #expect(text == "t")
    }

    @Test func `what was copied does not change with the original`() {
        var value: JSONValue = ["a": ["b": [1]]]
        let copy = value
        value.set(["a", "b"], 2)
        value["c"] = 3
        #expect(copy == ["a": ["b": [1]]])
    }

    @Test func `a long object is found by name after every change`() {
        var object = JSONObject()
        for number in 0..<100 { object["k\(number)"] = .integer(Int64(number)) }
        for number in stride(from: 0, to: 100, by: 3) { object["k\(number)"] = nil }
        object["k1"] = "changed"
        for number in 0..<100 {
            let expected: JSONValue? =
                number % 3 == 0 ? nil : number == 1 ? "changed" : .integer(Int64(number))
            #expect(object["k\(number)"] == expected)
        }
        object.sortKeys()
        #expect(
            Array(object.keys) == Array(object.keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        )
        #expect(object["k98"] == 98)
        object.filter { $0.key == "k98" || $0.key == "k97" }
        #expect(Array(object.keys) == ["k97", "k98"] && object["k97"] == 97 && object["k96"] == nil)
    }
}
