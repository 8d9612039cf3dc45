// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing
import YAML

@Suite struct YAMLTests {
    @Test(arguments: [
        ("a: b: c\n", "mapping values are not allowed in this context"),
        ("a: [1, 2\n", "line 1: did not find expected ',' or ']'"),
    ])
    func `a broken text is told in the words of the real reader`(text: String, message: String) {
        #expect(throws: YAMLError.self) { try JSONValue(yaml: text) }
        do {
            _ = try JSONValue(yaml: text)
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func `plain words follow YAML 1 1 and quotes keep texts`() throws {
        let text = "a: yes\nb: 'yes'\nc: 0644\nd: ~\ne: 1e3\nf: !!str 12\n8: x\ng: 2026-01-31\n"
        let expected = #"{"a":true,"b":"yes","c":420,"d":null,"e":1000,"f":"12","8":"x","g":"2026-01-31"}"#
        #expect(try JSONValue(yaml: text) == JSONValue(parsing: expected))
    }

    @Test func `aliases and merge keys are expanded`() throws {
        let text = "base: &b {x: 1, z: 2}\nmore:\n  <<: *b\n  z: 3\n"
        let expected = #"{"base":{"x":1,"z":2},"more":{"z":3,"x":1}}"#
        #expect(try JSONValue(yaml: text) == JSONValue(parsing: expected))
    }

    @Test func `a text that grows without end is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let item = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: item, count: 10).joined(separator: ", "))]\n"
        }
        #expect(throws: YAMLError.self) { try JSONValue(yaml: text) }
    }

    @Test func `what looks like something else is quoted`() throws {
        let json =
            #"{"b":"1","a":"yes","c":"x: y","d":"","e":"one\ntwo\n","f":[],"g":{},"h":"2026-01-31","i":[1,{"k":true}]}"#
        let expected = """
            a: "yes"
            b: "1"
            c: 'x: y'
            d: ""
            e: |
              one
              two
            f: []
            g: {}
            h: "2026-01-31"
            i:
            - 1
            - k: true

            """
        #expect(try JSONValue(parsing: json).yaml == expected)
    }

    @Test func `keys stand in the order of the real writer`() throws {
        let json = #"{"f:b":1,"f:a10":2,"f:a9":3,".":4,"k:{}":5}"#
        #expect(try JSONValue(parsing: json).yaml == ".: 4\nf:a9: 3\nf:a10: 2\nf:b: 1\nk:{}: 5\n")
    }

    @Test func `what is written can be read again`() throws {
        let json =
            ##"{"a":["- x","# no","@at","%p"," lead","trail ","tab\there","\u0001","ünï","null","~","0x1F","1:30","<<","a: b","multi\n  line"]}"##
        let value = try JSONValue(parsing: json)
        #expect(try JSONValue(yaml: value.yaml) == value)
    }
}
