// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import DataPlane

struct PatternCase: CustomTestStringConvertible {
    var subject: TextPattern.Subject
    var pattern: String
    var text: String
    var fits: Bool

    var testDescription: String { "\(pattern) \(fits ? "fits" : "does not fit") \(text)" }

    static let all: [PatternCase] = [
        .init(subject: .host, pattern: "cafe.example.com", text: "cafe.example.com", fits: true),
        .init(subject: .host, pattern: "Cafe.Example.com", text: "cafe.example.com", fits: true),
        .init(subject: .host, pattern: "cafe.example.com", text: "tea.example.com", fits: false),
        .init(subject: .host, pattern: "*.example.com", text: "cafe.example.com", fits: true),
        .init(subject: .host, pattern: "*.example.com", text: "a.b.example.com", fits: true),
        .init(subject: .host, pattern: "*.example.com", text: "example.com", fits: false),
        .init(subject: .host, pattern: "cafe?.example.com", text: "cafe1.example.com", fits: true),
        .init(subject: .host, pattern: "cafe?.example.com", text: "cafe.example.com", fits: false),
        .init(subject: .host, pattern: "c*e.*.com", text: "coffee.example.com", fits: true),
        .init(subject: .host, pattern: "~^(a|b)\\.example\\.com$", text: "b.example.com", fits: true),
        .init(subject: .host, pattern: "~^(a|b)\\.example\\.com$", text: "c.example.com", fits: false),
        .init(subject: .path, pattern: "/tea", text: "/tea", fits: true),
        .init(subject: .path, pattern: "/tea", text: "/tea/", fits: false),
        .init(subject: .path, pattern: "/tea", text: "/Tea", fits: false),
        .init(subject: .path, pattern: "/tea/*", text: "/tea/green/leaf", fits: true),
        .init(subject: .path, pattern: "/tea/*", text: "/tea/", fits: true),
        .init(subject: .path, pattern: "/tea/*", text: "/tea", fits: false),
        .init(subject: .path, pattern: "/*", text: "/", fits: true),
        .init(subject: .path, pattern: "/*.jpg", text: "/a/b.jpg", fits: true),
        .init(subject: .path, pattern: "/t?a", text: "/tea", fits: true),
        .init(subject: .path, pattern: "/t?a", text: "/ta", fits: false),
        .init(subject: .path, pattern: "~/v[0-9]+/", text: "/api/v12/x", fits: true),
        .init(subject: .path, pattern: "~^/v[0-9]+/", text: "/api/v12/x", fits: false),
        .init(subject: .path, pattern: "~/Tea", text: "/tea", fits: false),
        .init(subject: .path, pattern: "~*/Tea", text: "/tea", fits: true),
        .init(subject: .path, pattern: "~*(", text: "(", fits: false),
        .init(subject: .headerValue, pattern: "V1*", text: "v1.2", fits: true),
        .init(subject: .parameter, pattern: "V1*", text: "v1.2", fits: false),
        .init(subject: .parameter, pattern: "~a", text: "~a", fits: true),
    ]
}

@Suite struct TextPatternTests {
    @Test(arguments: PatternCase.all)
    func `a value fits what it should`(_ row: PatternCase) {
        let pattern = TextPattern(row.pattern, subject: row.subject, settings: DataPlaneSettings())
        #expect(pattern.matches(row.text) == row.fits)
    }

    @Test func `case after a tilde and star is a setting`() {
        var settings = DataPlaneSettings()
        settings.isCaseIgnoredAfterTildeStar = false
        #expect(!TextPattern("~*/Tea", subject: .path, settings: settings).matches("/tea"))
    }

    @Test func `a wildcard of many stars ends`() {
        let pattern = Wildcard(String(repeating: "a*", count: 20) + "b", isCaseIgnored: false)
        #expect(!String(repeating: "a", count: 2000).withBytes(pattern.matches))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.200.1.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
        ("10.0.0.7", "10.0.0.8", false), ("192.168.4.0/22", "192.168.7.255", true),
        ("192.168.4.0/22", "192.168.8.0", false), ("2001:db8::/32", "2001:db8:1::7", true),
        ("2001:db8::/32", "2001:db9::", false), ("::1", "0:0:0:0:0:0:0:1", true),
        ("0.0.0.0/0", "1.2.3.4", true),
        ("2001:db8::/65", "2001:db8:0:0:8000::1", false), ("::ffff:10.0.0.0/104", "10.1.1.1", true),
    ])
    func `a block holds its addresses`(_ block: String, _ address: String, _ holds: Bool) throws {
        let parsed = try #require(IPAddress(address))
        #expect(try #require(AddressBlock(block)).contains(parsed) == holds)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.256", "10.0.0.0.1", "a.b.c.d", "1::2::3", "12345::", "1:2:3:4:5:6:7",
    ])
    func `what is no address is none`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}
