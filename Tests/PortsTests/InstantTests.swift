// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000000001Z", 1),
            ("1970-01-01T00:00:01Z", 1_000_000_000),
            ("1969-12-31T23:59:59Z", -1_000_000_000), ("1969-12-31T23:59:59.999999999Z", -1),
            ("1969-12-31T23:59:59.5Z", -500_000_000), ("2026-01-31T08:00:00Z", 1_769_846_400_000_000_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
            ("2000-03-01T00:00:00Z", 951_868_800_000_000_000),
            ("2024-02-29T23:59:59Z", 1_709_251_199_000_000_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
            ("2100-03-01T00:00:00Z", 4_107_542_400_000_000_000),
            ("1677-09-21T00:12:43.145224193Z", -9_223_372_036_854_775_807),
            ("2262-04-11T23:47:16.854775807Z", .max), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
            ("2026-01-31T08:00:00+00:00", 1_769_846_400_000_000_000),
            ("2026-01-31T08:00:00-00:00", 1_769_846_400_000_000_000),
            ("2026-01-31T16:00:00+08:00", 1_769_846_400_000_000_000),
            ("2026-01-30T22:30:00-09:30", 1_769_846_400_000_000_000),
            ("2026-02-01T07:59:00+23:59", 1_769_846_400_000_000_000),
            ("2026-01-31t08:00:00z", 1_769_846_400_000_000_000),
            ("2026-01-31 08:00:00Z", 1_769_846_400_000_000_000),
            ("2026-01-31T08:00:00.25Z", 1_769_846_400_250_000_000),
            ("2026-01-31T08:00:00.000001Z", 1_769_846_400_000_001_000),
            ("2026-01-31T08:00:00.1234567899999Z", 1_769_846_400_123_456_789),
        ] as [(String, Int64)]
    ) func `a time is read as nanoseconds since the epoch`(text: String, nanoseconds: Int64) {
        #expect(Instant(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T08:00:00", "2026-01-31T08:00Z", "2026-01-31T08:00:00 Z",
        " 2026-01-31T08:00:00Z",
        "2026-01-31T08:00:00Z ", "2026-00-31T08:00:00Z", "2026-13-01T08:00:00Z", "2026-01-00T08:00:00Z",
        "2026-01-32T08:00:00Z", "2026-02-29T08:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-04-31T08:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z", "2026-01-31T08:00:61Z",
        "2026-01-31T08:00:00.Z", "2026-01-31T08:00:00.", "2026-01-31T08:00:00,5Z", "2026-01-31T08:00:00+8:00",
        "2026-01-31T08:00:00+0800", "2026-01-31T08:00:00+24:00", "2026-01-31T08:00:00+08:60",
        "26-01-31T08:00:00Z",
        "2026-1-31T08:00:00Z", "+2026-01-31T08:00:00Z", "-2026-01-31T08:00:00Z", "2026-01-31T08:00:-1Z",
        "２０２６-01-31T08:00:00Z", "2026-01-31T08:00:00Zé", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
        "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43.145224191Z",
    ]) func `what is not a time, or beyond what an instant holds, is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00Z"), (-1, 0, "1969-12-31T23:59:59Z"),
            (-1, 9, "1969-12-31T23:59:59.999999999Z"),
            (1_769_846_400_123_456_789, 0, "2026-01-31T08:00:00Z"),
            (1_769_846_400_123_456_789, 3, "2026-01-31T08:00:00.123Z"),
            (1_769_846_400_123_456_789, 6, "2026-01-31T08:00:00.123456Z"),
            (1_769_846_400_000_000_001, 6, "2026-01-31T08:00:00.000000Z"),
            (951_782_400_000_000_000, 1, "2000-02-29T00:00:00.0Z"),
            (.max, 9, "2262-04-11T23:47:16.854775807Z"),
            (.min, 9, "1677-09-21T00:12:43.145224192Z"), (.min, 0, "1677-09-21T00:12:43Z"),
        ] as [(Int64, Int, String)]
    ) func `a time is written in UTC and cut, not rounded`(
        nanoseconds: Int64,
        digits: Int,
        text: String
    ) {
        #expect(Instant(nanoseconds: nanoseconds).rfc3339(fractionDigits: digits) == text)
    }

    @Test func `the two usual forms have no fraction and microseconds`() {
        let instant = Instant(nanoseconds: 1_769_846_400_123_456_789)
        #expect(instant.rfc3339 == "2026-01-31T08:00:00Z")
        #expect(instant.rfc3339Micro == "2026-01-31T08:00:00.123456Z")
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `every instant is read back as it was written`(seed: UInt64)
    {
        var random = RandomStream(seed: seed)
        for _ in 0..<2000 {
            let instant = Instant(nanoseconds: Int64(bitPattern: random.next()))
            #expect(Instant(rfc3339: instant.rfc3339(fractionDigits: 9)) == instant)
        }
    }

    @Test func `every day of four centuries follows the one before`() {
        let first = Instant(rfc3339: "1800-01-01T12:00:00Z")
        #expect(first != nil)
        var day = first ?? Instant(nanoseconds: 0)
        var text = ""
        for _ in 0..<146_097 {
            let next = String(day.rfc3339.prefix(10))
            #expect(next > text)
            text = next
            day = day.advanced(by: .seconds(86_400))
        }
        #expect(day.rfc3339 == "2200-01-01T12:00:00Z")
    }

    @Test(
        arguments: [
            (0, 0), (999_999_999, 0), (1_000_000_000, 1), (-1, -1), (-1_000_000_000, -1),
            (-1_000_000_001, -2),
            (.min, -9_223_372_037), (.max, 9_223_372_036),
        ] as [(Int64, Int64)]
    ) func `whole seconds are rounded down`(nanoseconds: Int64, seconds: Int64) {
        #expect(Instant(nanoseconds: nanoseconds).seconds == seconds)
    }

    @Test func `advancing and measuring agree`() {
        let start = Instant(seconds: 1_769_846_400)
        for duration in [Duration.zero, .nanoseconds(1), .seconds(86_400 * 91), .milliseconds(-1500)] {
            #expect(start.duration(to: start.advanced(by: duration)) == duration)
        }
        #expect(Duration.milliseconds(1500).scaled(by: 0.5) == .milliseconds(750))
        #expect(Duration.milliseconds(-1500).nanoseconds == -1_500_000_000)
        #expect(Duration.seconds(90).inSeconds == 90)
    }
}
