// SPDX-License-Identifier: Apache-2.0

/// Reads the compact text of the action tables.
///
/// A line is `version 2020-06-16`, `fragment Name`, `action Name P0 job token dry`, or, indented below one of
/// the last two, a parameter: its name, its form and what limits it.
///
/// - `s`, `i` (or `l`), `f`, `b`, `o`: text, whole number, number, truth value, object; `a:` before it makes a
///   list; `!` after it makes it required.
/// - `n1..20` items, `len2..128` characters, `1..65535` range; a bound may be missing.
/// - `|A|B` choices, `=15` the value when absent, `~rule` a rule on its characters, `@Name` members as in a
///   fragment; members of its own are indented further.
/// - A line that is only `@Name` stands for the parameters of a fragment.
struct ActionTableReader {
    private struct Line {
        let depth: Int
        let words: [Substring]
    }

    private let lines: [Line]
    /// The line of each fragment's head.
    private let fragments: [String: Int]

    init(_ texts: [String]) {
        var lines: [Line] = []
        var fragments: [String: Int] = [:]
        for text in texts {
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let first = words.first else { continue }
                if first == "fragment", words.count > 1 { fragments[String(words[1])] = lines.count }
                lines.append(Line(depth: line.prefix { $0 == " " }.count, words: words))
            }
        }
        self.lines = lines
        self.fragments = fragments
    }

    func actions() -> [ActionDescription] {
        var found: [ActionDescription] = []
        var service = CloudService.alb
        for (place, line) in lines.enumerated() where line.depth == 0 {
            switch line.words[0] {
            case "version":
                guard let named = CloudService(version: String(line.words[1])) else {
                    preconditionFailure("the action tables name an unknown version, \(line.words[1])")
                }
                service = named
            case "action":
                var action = ActionDescription(
                    service: service,
                    name: String(line.words[1]),
                    priority: String(line.words[2]),
                    completion: ActionDescription.Completion(rawValue: String(line.words[3])) ?? .synchronous
                )
                action.takesToken = line.words.contains("token")
                action.takesDryRun = line.words.contains("dry")
                action.block = block(below: place)
                found.append(action)
            default: break
            }
        }
        return found
    }

    /// The parameters in the lines that are indented below a line.
    private func block(below head: Int) -> ParameterBlock {
        var parameters: [Parameter] = []
        var place = head + 1
        let depth = lines[head].depth
        while place < lines.count, lines[place].depth > depth {
            if lines[place].depth == depth + 1 {
                if let word = lines[place].words.first, word.hasPrefix("@") {
                    parameters += fragment(word).parameters
                } else {
                    parameters.append(parameter(at: place))
                }
            }
            place += 1
        }
        return ParameterBlock(parameters)
    }

    private func parameter(at place: Int) -> Parameter {
        let words = lines[place].words
        var form = words[1]
        let isRequired = form.last == "!"
        if isRequired { form.removeLast() }
        let isList = form.hasPrefix("a:")
        let letter = form.last.map { $0 == "l" ? "i" : $0 } ?? "s"
        var parameter = Parameter(
            name: String(words[0]),
            form: Parameter.Form(rawValue: letter) ?? .string,
            isList: isList,
            isRequired: isRequired
        )
        for word in words.dropFirst(2) { apply(word, to: &parameter) }
        if parameter.form == .object, parameter.block == nil { parameter.block = block(below: place) }
        return parameter
    }

    private func apply(_ word: Substring, to parameter: inout Parameter) {
        switch word.first {
        case "|": parameter.choices = word.split(separator: "|").map(String.init)
        case "=": parameter.fallback = String(word.dropFirst())
        case "~": parameter.rule = ValueRule(rawValue: String(word.dropFirst()))
        case "@":
            parameter.block = fragment(word)
        case "n": parameter.items = limits(word.dropFirst())
        default:
            if word.hasPrefix("len") {
                parameter.length = limits(word.dropFirst(3))
            } else {
                parameter.range = limits(word)
            }
        }
    }

    /// The parameters of the fragment that `@Name` names.
    private func fragment(_ word: Substring) -> ParameterBlock {
        guard let head = fragments[String(word.dropFirst())] else {
            preconditionFailure("the action tables name an unknown fragment, \(word)")
        }
        return block(below: head)
    }

    private func limits(_ text: Substring) -> Limits {
        guard let middle = text.range(of: "..") else { return Limits() }
        return Limits(least: Int64(text[..<middle.lowerBound]), most: Int64(text[middle.upperBound...]))
    }
}

extension Substring {
    /// The place of two dots.
    fileprivate func range(of dots: String) -> Range<Substring.Index>? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(dots) { return place..<index(place, offsetBy: dots.count) }
            place = index(after: place)
        }
        return nil
    }
}
