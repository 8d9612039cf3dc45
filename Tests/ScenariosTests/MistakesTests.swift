// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

struct MistakesTests {
    @Test(arguments: BrokenScenario.all)
    func `every mistake has its place, a caret and a suggestion`(_ broken: BrokenScenario) {
        let mistakes = #expect(throws: Mistakes.self) { try Shop.read(broken.text, broken.files) }
        #expect(mistakes?.description == broken.messages)
        for mistake in mistakes?.all ?? [] {
            #expect(mistake.suggestion != nil, "\(mistake)")
            #expect(mistake.line > 0 && mistake.column > 0)
        }
    }

    @Test func `every word of the language stands in a broken text`() {
        let texts = BrokenScenario.all.map(\.text)
        for section in Language.sections {
            for word in section.words.map(\.word) {
                let isThere = texts.contains { text in
                    [" ", "{", "\n"].contains { text.contains("\($0)\(word):") } || text.hasPrefix("\(word):")
                }
                #expect(isThere, "no broken text has \(section.folder)/\(word)")
            }
        }
    }

    @Test func `the mistakes of a file stand in the order of their places`() {
        func mistake(_ file: String, _ line: Int) -> SourceMistake {
            SourceMistake(place: SourcePlace(file: file, line: line, column: 1), message: "m", sourceLine: "")
        }
        let mistakes = Mistakes([mistake("b", 9), mistake("a", 2), mistake("b", 3), mistake("b", 9)])
        #expect(mistakes.all.map(\.place.description) == ["b:3:1", "b:9:1", "a:2:1"])
    }

    @Test func `a file that is not there is told with the one that was meant`() {
        let mistakes = #expect(throws: Mistakes.self) {
            try ScenarioReader(files: Shop.files("")).read("shop/caffe.yaml")
        }
        #expect(
            mistakes?.description
                == """
                shop/caffe.yaml: error: there is no such file
                help: did you mean "shop/cafe.yaml"?
                """
        )
    }

    @Test func `a long line is cut around the mistake`() throws {
        let filler = String(repeating: "x", count: 200)
        let mistakes = #expect(throws: Mistakes.self) {
            try Shop.read(
                "scenario: x\ncluster: {pods: [{labels: {a: \(filler)}, imag: tea, status: 200}]} # \(filler)"
            )
        }
        let lines = try #require(mistakes?.all.first).description.split(separator: "\n")
        #expect(lines[1].count < 130)
        let indentation = lines[2].prefix { $0 == " " }.count
        #expect(lines[1].dropFirst(indentation).hasPrefix("imag"))
    }

    @Test func `a tab before the mistake keeps the caret below it`() {
        let mistake = SourceMistake(
            place: SourcePlace(file: "f", line: 1, column: 4),
            message: "m",
            sourceLine: "\tab c"
        )
        #expect(mistake.description == "f:1:4: error: m\n\tab c\n\t  ^")
    }

    @Test func `a file that is not UTF-8 is told at the letter that is none`() {
        let files = MemoryFiles(bytes: [
            "s.yaml": Array("scenario: é\nb: ".utf8) + [0xff] + Array("\nc: 1".utf8)
        ])
        let mistakes = #expect(throws: Mistakes.self) { try ScenarioReader(files: files).read("s.yaml") }
        #expect(
            mistakes?.description
                == "s.yaml:2:4: error: the file is not UTF-8 text\nb: \u{fffd}\n   ^\nhelp: save it in the encoding UTF-8"
        )
    }

    @Test func `a file whose aliases grow without end is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: SourceMistake.self) {
            try YAMLParser.documents(SourceText(path: "f", text: text), limit: 10_000)
        }
    }

    @Test func `a nesting that is too deep is a mistake and no crash`() {
        let text = String(repeating: "[", count: 5000)
        let mistake = #expect(throws: SourceMistake.self) {
            try YAMLParser.documents(SourceText(path: "f", text: text))
        }
        #expect(mistake?.message == "the nesting is too deep")
    }
}

struct NearMissTests {
    @Test(arguments: [
        ("rat", "rate"), ("shopers", "shoppers"), ("set-imag", "set-image"), ("GET", "get"), ("tae", "tea"),
        ("rotate", "rotate-certificate"),
    ])
    func `a slip of the keys is found`(_ typed: String, _ meant: String) {
        #expect(NearMiss.nearest(to: typed, in: ["zebra", meant, "lion"]) == meant)
    }

    @Test(arguments: ["zebra", "", "x"])
    func `a word that is like nothing stays alone`(_ typed: String) {
        #expect(NearMiss.nearest(to: typed, in: ["rate", "every", "clients"]) == nil)
    }

    @Test func `two letters that changed places count once`() {
        #expect(NearMiss.distance(Array("tae".unicodeScalars), Array("tea".unicodeScalars)) == 1)
    }

    @Test func `without a near word the allowed ones are listed`() {
        #expect(NearMiss.help(for: "zebra", among: ["rate", "every"]) == "allowed: rate, every")
        #expect(NearMiss.help(for: "zebra", among: ["rate"]) == "only \"rate\" is allowed here")
    }
}
