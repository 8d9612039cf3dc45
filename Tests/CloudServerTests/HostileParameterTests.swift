// SPDX-License-Identifier: Apache-2.0
import JSON
import Synchronization
import Testing

@testable import CloudServer

/// One parameter of an action, with a value that its table does not allow.
private struct Attack: Sendable, CustomTestStringConvertible {
    let action: ActionDescription
    let pairs: [(String, String)]
    /// What the refusal must say; nil when any answer but a failure of the server will do.
    let codes: Set<String>?
    let what: String

    var testDescription: String { "\(action.name): \(what)" }
}

/// Makes calls that are right as far as the tables know, and then spoils one parameter after the other.
private struct AttackMaker {
    let action: ActionDescription

    /// The values of one way through the action's parameters: the required ones, and those on the way to `target`.
    func pairs(to target: [String], value: String?) -> [(String, String)] {
        var pairs: [(String, String)] = []
        fill(action.block, prefix: "", target: target[...], value: value, to: &pairs)
        return pairs
    }

    private func fill(
        _ block: ParameterBlock,
        prefix: String,
        target: ArraySlice<String>,
        value: String?,
        to pairs: inout [(String, String)]
    ) {
        for parameter in block.parameters {
            let isOnWay = target.first == parameter.name
            guard parameter.isRequired || isOnWay else { continue }
            let name = prefix + parameter.name + (parameter.isList ? ".1" : "")
            if isOnWay, target.count == 1 {
                if let value { pairs.append((name, value)) }
            } else if let inner = parameter.block {
                fill(
                    inner,
                    prefix: name + ".",
                    target: isOnWay ? target.dropFirst() : [],
                    value: value,
                    to: &pairs
                )
            } else {
                pairs.append((name, Self.plausible(parameter)))
            }
        }
    }

    /// A value that the table allows.
    static func plausible(_ parameter: Parameter) -> String {
        if let choice = parameter.choices.first { return choice }
        switch parameter.form {
        case .boolean: return "true"
        case .integer: return String(parameter.range?.least ?? 1)
        case .decimal: return "1.5"
        case .string, .object: break
        }
        switch parameter.rule {
        case .cidr: return "10.1.0.0/16"
        case .pathPattern, .checkPath: return "/tea"
        case .hostPattern: return "a.example.com"
        case .finalStatus: return "404"
        case .redirectPort: return "443"
        default: return "tea" + String(repeating: "a", count: max(0, Int(parameter.length?.least ?? 0) - 3))
        }
    }

    /// Every parameter with the names that lead to it.
    func everyParameter() -> [(path: [String], parameter: Parameter)] {
        var found: [(path: [String], parameter: Parameter)] = []
        func walk(_ block: ParameterBlock, _ path: [String]) {
            for parameter in block.parameters {
                found.append((path + [parameter.name], parameter))
                if let inner = parameter.block { walk(inner, path + [parameter.name]) }
            }
        }
        walk(action.block, [])
        return found
    }

    func attacks() -> [Attack] {
        everyParameter().flatMap { path, parameter in
            spoiled(path, parameter) + hostile(path, parameter)
        }
    }

    private func spoiled(_ path: [String], _ parameter: Parameter) -> [Attack] {
        let style = action.service == .alb ? "IllegalParam." : "Invalid"
        let refused: Set<String> = [style + parameter.name]
        var attacks: [Attack] = []
        func add(_ what: String, _ value: String?, _ codes: Set<String>?) {
            attacks.append(
                Attack(
                    action: action,
                    pairs: pairs(to: path, value: value),
                    codes: codes,
                    what: "\(path.joined(separator: ".")) \(what)"
                )
            )
        }
        // Deeper ones may have been all that their object held, which is then missing itself or was never sent.
        let missing: Set<String>? = path.count == 1 ? ["Missing\(parameter.name)"] : nil
        if parameter.isRequired { add("missing", nil, missing) }
        guard parameter.form != .object else { return attacks }
        if parameter.isRequired { add("empty", "", missing) }
        switch parameter.form {
        case .integer:
            for value in ["x", "1.5", "99999999999999999999", "0x10"] { add("of \(value)", value, refused) }
            if let least = parameter.range?.least { add("too small", String(least - 1), refused) }
            if let most = parameter.range?.most { add("too large", String(most + 1), refused) }
        case .boolean: for value in ["1", "yes", "wahr"] { add("of \(value)", value, refused) }
        case .decimal: add("of x", "x", refused)
        case .string, .object:
            if !parameter.choices.isEmpty { add("of no choice", "Nothing", refused) }
            if let most = parameter.length?.most {
                add("too long", String(repeating: "a", count: Int(most) + 1), refused)
            }
        }
        return attacks
    }

    private func hostile(_ path: [String], _ parameter: Parameter) -> [Attack] {
        let values = [
            "'; DROP TABLE cloud_resource; --", "a\u{0}b", "\u{1F375}\u{202E}", "../../etc/passwd", "${host}",
            "<script>", "~(((((", "-9223372036854775808", String(repeating: "茶", count: 5000),
        ]
        return values.map { value in
            Attack(
                action: action,
                pairs: pairs(to: path, value: value),
                codes: nil,
                what: "\(path.joined(separator: ".")) hostile"
            )
        }
    }
}

@Suite struct HostileParameterTests {
    private static let actions = ActionTable.shared.all.filter { ActionBodies.body(of: $0) != nil }

    /// Codes are words in the vendor's way of writing them.
    private static func isCode(_ code: String) -> Bool {
        !code.isEmpty
            && code.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || isLetter($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func everything(_ world: CloudWorld) -> [Resource] {
        world.server.state.withLock { state in
            ResourceKind.allCases.flatMap { state.account.store.all($0) }
        }
    }

    @Test(arguments: CloudService.allCases)
    func `every spoiled parameter is refused by name, and nothing is half applied`(
        _ service: CloudService
    ) throws {
        for action in Self.actions where action.service == service { try Self.attack(action) }
    }

    /// Makes all attacks on one action in an account of its own.
    private static func attack(_ action: ActionDescription) throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            _ = await world.makeListener(lb, group)
            for attack in AttackMaker(action: action).attacks() {
                let before = everything(world)
                let answer = await world.raw(
                    [("Action", action.name), ("Version", action.service.version)] + attack.pairs
                ).answer
                #expect(answer.status < 500, "\(attack.testDescription): \(answer.body)")
                if answer.status != 200 {
                    #expect(isCode(answer.code), "\(attack.testDescription): \(answer.code)")
                    #expect(everything(world) == before, "\(attack.testDescription) changed something")
                }
                guard let codes = attack.codes else { continue }
                #expect(
                    codes.contains(answer.code),
                    "\(attack.testDescription): \(answer.status) \(answer.code), not \(codes)"
                )
            }
        }
    }

    @Test func `surplus and deeply nested parameters change nothing`() throws {
        try CloudWorld.run { world in
            let surplus = [
                ("Nothing", "x"), ("Tags.1.Key", "x"), ("AclName.Name", "x"),
                ("a.1.b.2.c.3.d.4.e.5.f.6.g.7.h", "x"),
                ("", "x"), (".", "x"), ("AclName.", "x"), ("Tag.x.Key", "x"), ("Tag.-1.Key", "x"),
                ("Tag.4294967296.Key", "x"),
            ]
            let answer = await world.raw(
                [("Action", "CreateAcl"), ("Version", "2020-06-16"), ("AclName", "tea")] + surplus
            ).answer
            #expect(answer.status == 200, "\(answer.body)")
            let shown = await world.must("ListAcls").objects("Acls")
            #expect(shown.count == 1 && shown.first?.text("AclName") == "tea")
            #expect(shown.first?.objects("Tags") == [])
        }
    }
}
