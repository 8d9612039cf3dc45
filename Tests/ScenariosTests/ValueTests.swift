// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import Scenarios

struct ValueTests {
    @Test(
        arguments: [
            ("250ms", 250_000_000), ("10s", 10_000_000_000), ("1m30s", 90_000_000_000),
            ("2h", 7_200_000_000_000),
            ("91d", 7_862_400_000_000_000), ("0", 0), ("0s", 0), ("1.5s", 1_500_000_000),
            ("1m 30s", 90_000_000_000),
            ("10us", 10_000), ("3ns", 3),
        ] as [(String, Int64)]
    )
    func `durations are read in human units`(_ text: String, _ nanoseconds: Int64) throws {
        #expect(try HumanDuration.parse(text).nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "s", "10", "10x", "1s1m", "1s2s", "--1s", "1..5s", "99999999999d", "٣s"])
    func `what is no duration is refused`(_ text: String) {
        #expect(throws: ValueProblem.self) { try HumanDuration.parse(text) }
    }

    @Test(arguments: [
        "250ms", "10s", "1m30s", "2h", "91d", "0s", "1.5s", "1h500ms", "12us", "7ns", "1d2h3m4.25s",
    ])
    func `durations are written as they are read`(_ text: String) throws {
        #expect(try HumanDuration.parse(text).humanText == text)
    }

    @Test func `ranges have two ends`() throws {
        #expect(try HumanDuration.parseRange("1s..1500ms") == .seconds(1) ... .milliseconds(1500))
        #expect(try HumanDuration.parseRange("2s") == .seconds(2) ... .seconds(2))
        #expect(throws: ValueProblem.self) { try HumanDuration.parseRange("2s..1s") }
        #expect(throws: ValueProblem.self) { try HumanDuration.parseRange("2s..") }
    }

    @Test(arguments: [
        (Duration.milliseconds(12_345), "+12.345s"), (.zero, "+0.000s"),
        (.milliseconds(62_345), "+1m02.345s"),
        (.milliseconds(3_723_004), "+1h02m03.004s"), (.seconds(91 * 86_400 + 5), "+91d00h00m05.000s"),
        (.milliseconds(-5), "-0.005s"),
    ])
    func `times since the start are told to the millisecond`(_ duration: Duration, _ text: String) {
        #expect(duration.relativeText == text)
    }

    @Test func `rates tell the time between two requests`() throws {
        #expect(try Rate(parsing: "100/s").interval == .milliseconds(10))
        #expect(try Rate(parsing: "6/min").interval == .seconds(10))
        #expect(try Rate(parsing: "6/m").description == "6/min")
        #expect(try Rate(parsing: "1/h").interval == .seconds(3600))
        for text in ["0/s", "/s", "5/", "5//s", "-1/s", "5/day", "2000000/s"] {
            #expect(throws: ValueProblem.self) { try Rate(parsing: text) }
        }
    }

    @Test func `shares need a percent sign`() throws {
        #expect(try Percentage.parse("20%") == 0.2)
        #expect(try Percentage.parse("0.5 %") == 0.005)
        for text in ["20", "0.2", "%", "101%", "-1%", "1e1%", "nan%"] {
            #expect(throws: ValueProblem.self) { try Percentage.parse(text) }
        }
        #expect(Percentage.shown(0.2) == "20%")
        #expect(Percentage.shown(0.1234) == "12.34%")
        #expect(Percentage.shown(1.0 / 3) == "33.33%")
    }

    @Test func `statuses are codes, classes and their opposites`() throws {
        #expect(try StatusPattern(parsing: "200").matches(200))
        #expect(try !StatusPattern(parsing: "200").matches(201))
        #expect(try StatusPattern(parsing: "2XX").matches(299))
        #expect(try StatusPattern(parsing: "not 5xx").matches(404))
        #expect(try !StatusPattern(parsing: "not 5xx").matches(503))
        let several = try StatusPattern(anyOf: [StatusPattern(parsing: "200"), StatusPattern(parsing: "503")])
        #expect(several.matches(503) && !several.matches(404))
        #expect(several.description == "200 or 503")
        #expect(throws: ValueProblem.self) {
            try StatusPattern(anyOf: [StatusPattern(parsing: "not 200"), StatusPattern(parsing: "503")])
        }
    }

    @Test func `a request without an answer has no status at all`() throws {
        #expect(try !StatusPattern(parsing: "not 5xx").matches(0))
        #expect(try !StatusPattern(parsing: "200").matches(0))
    }

    @Test(arguments: [
        ("tea-*", "tea-1", true), ("tea-*", "coffee-1", false), ("*", "", true), ("a?c", "abc", true),
        ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false), ("", "a", false), ("*a", "banana", true),
    ])
    func `stars and question marks stand for letters`(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(Glob(pattern).matches(text) == isMatch)
    }

    @Test func `requests are a method and an address`() throws {
        let line = try RequestLine(parsing: "POST https://Cafe.Example.com:8443/tea?cup=1")
        #expect(line.method == "POST")
        #expect(line.isSecure && line.host == "cafe.example.com" && line.port == 8443)
        #expect(line.path == "/tea?cup=1")
        #expect(line.description == "POST https://cafe.example.com:8443/tea?cup=1")
        #expect(try RequestLine(parsing: "http://a.example").description == "GET http://a.example/")
        #expect(try RequestLine(parsing: "http://a.example?x=1").path == "/?x=1")
        #expect(try RequestLine(parsing: "http://[::1]:8080/").host == "::1")
        for text in [
            "", "GET", "GET a b", "ftp://a/", "http://a:0/", "http://a/#b", "http://a_.b-/", "http://a b/",
        ] {
            #expect(throws: ValueProblem.self, "\(text)") { try RequestLine(parsing: text) }
        }
    }
}
