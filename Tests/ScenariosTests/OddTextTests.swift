// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import Scenarios

struct OddTextTests {
    /// Texts that people break: one with everything at the top, and one with every word.
    private static let texts: [String] = {
        let steps = StepWord.all.map { "  - \(Shop.example($0))" }
        let claims = ClaimWord.all.map { "  - \($0.example.replacing("canary", with: "tea"))" }
        let words = """
            scenario: every word
            cluster: {manifests: shop}
            traffic:
              shoppers: {request: "GET https://cafe.example.com/tea", rate: 100/s}
            steps:
            \(steps.joined(separator: "\n"))
            expect:
            \(claims.joined(separator: "\n"))
            """
        return [DecodingTests.whole, words]
    }()

    private static let marks = Array("{}[]:,-#&*!|>'\"%@`~\n\t \u{0}\u{e9}0")

    @Test func `a text with every word can be read`() throws {
        let scenario = try Shop.read(Self.texts[1])
        #expect(scenario.steps.map(\.verb) == StepWord.all.map(\.word))
        #expect(scenario.expectations.count == ClaimWord.all.count + 1)
    }

    @Test(arguments: 0..<8)
    func `a broken text is a mistake with a place, never a crash`(_ seed: Int) {
        var random = RandomSource(seed: UInt64(seed)).stream("odd texts")
        for _ in 0..<60 {
            var text = Array(Self.texts[Int(random.next() % 2)])
            for _ in 0..<(1 + random.next() % 3) { Self.disturb(&text, &random) }
            do throws(Mistakes) {
                _ = try Shop.read(String(text))
            } catch {
                #expect(!error.all.isEmpty)
                for mistake in error.all {
                    #expect(mistake.line > 0 && mistake.column > 0, "\(mistake)")
                    #expect(!mistake.message.isEmpty && mistake.suggestion != nil, "\(mistake)")
                }
            }
        }
    }

    /// Takes letters away, puts a mark in, doubles a part, or swaps two lines.
    private static func disturb(_ text: inout [Character], _ random: inout RandomStream) {
        let place = Int(random.next() % UInt64(text.count))
        let length = min(Int(random.next() % 12) + 1, text.count - place)
        switch random.next() % 4 {
        case 0: text.removeSubrange(place..<place + length)
        case 1: text.insert(marks[Int(random.next() % UInt64(marks.count))], at: place)
        case 2: text.insert(contentsOf: text[place..<place + length], at: place)
        default:
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            lines.swapAt(Int(random.next() % UInt64(lines.count)), Int(random.next() % UInt64(lines.count)))
            text = Array(lines.joined(separator: ["\n"]))
        }
        if text.isEmpty { text = ["x"] }
    }
}
