// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct SyntaxTests {
    @Test(arguments: [
        ("{bad}", "invalid character 'b' looking for beginning of object key string"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"), ("", "unexpected end of JSON input"),
        ("{\"a\":", "unexpected end of JSON input"), ("1 x", "invalid character 'x' after top-level value"),
        ("nil", "invalid character 'i' in literal null (expecting 'u')"),
        ("[1.x]", "invalid character 'x' after decimal point in numeric literal"),
        ("\"a\\q\"", "invalid character 'q' in string escape code"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("-", "unexpected end of JSON input"),
        ("\"a\nb\"", "invalid character '\\n' in string literal"),
    ])
    func `mistakes are told as Go tells them`(_ text: String, _ message: String) {
        #expect(GoSyntax.mistake(in: Array(text.utf8)) == message)
    }

    @Test(arguments: ["{\"a\":[1,-2.5e+3,true,null,\"\\u00e9\"]}", " [] ", "0"])
    func `what is JSON has none`(_ text: String) {
        #expect(GoSyntax.mistake(in: Array(text.utf8)) == nil)
    }
}
