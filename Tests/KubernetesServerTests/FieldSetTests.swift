// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import KubernetesServer

@Suite struct FieldSetTests {
    private static func set(_ text: String) throws -> FieldSet {
        FieldSet(try #require(try JSONValue(parsing: text).objectValue))
    }

    /// A set of a few fields by chance, its steps in order.
    private static func random(_ random: inout RandomStream, depth: Int = 0) -> JSONObject {
        var members: [JSONObject.Member] = []
        let isLeaf = depth > 2 || random.chance(0.33)
        if isLeaf, depth > 0 { return [:] }
        if depth > 0, random.chance(0.5) { members.append(.init(key: ".", value: [:])) }
        for name in ["f:a", "f:b", "k:{\"name\":\"x\"}", "v:\"y\""] where random.chance(0.5) {
            members.append(.init(key: name, value: .object(Self.random(&random, depth: depth + 1))))
        }
        return members.count == 1 && members[0].key == "." ? [:] : JSONObject(distinct: members)
    }

    @Test func `what a set covers comes back when it is taken away and put back`() {
        var random = RandomSource(seed: 5).stream("sets")
        var (covered, apart) = (0, 0)
        for _ in 0..<4000 {
            let (one, other) = (FieldSet(Self.random(&random)), FieldSet(Self.random(&random)))
            if one.covers(other) {
                #expect(one.subtracting(other).union(other) == one)
                covered += 1
            }
            if one.isApart(from: other) {
                #expect(one.subtracting(other) == one)
                apart += 1
            }
        }
        #expect(covered > 100 && apart > 100)
    }

    @Test(arguments: [
        (#"{"f:a":{}}"#, #"{"f:a":{}}"#, true), (#"{"f:a":{"f:b":{}}}"#, #"{"f:a":{}}"#, false),
        (#"{"f:a":{".":{},"f:b":{}}}"#, #"{"f:a":{}}"#, true),
        (#"{"f:a":{}}"#, #"{"f:a":{"f:b":{}}}"#, false),
        (#"{"f:a":{},"f:b":{}}"#, #"{"f:c":{}}"#, false), (#"{"f:b":{},"f:a":{}}"#, #"{"f:a":{}}"#, false),
        (#"{"f:a":{".":{}}}"#, #"{"f:a":{}}"#, false),
        (#"{"f:a":{"f:b":{},".":{}}}"#, #"{"f:a":{"f:b":{}}}"#, false),
    ])
    func `a set covers what is in it, when it is in order`(one: String, other: String, covers: Bool) throws {
        #expect(try Self.set(one).covers(try Self.set(other)) == covers)
    }
}
