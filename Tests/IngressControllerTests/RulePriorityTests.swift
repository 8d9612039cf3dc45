// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import IngressController

@Suite struct RulePriorityTests {
    private func isRising(_ numbers: [Int]) -> Bool {
        zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
            && numbers.allSatisfy { RulePriorities.range.contains($0) }
    }

    @Test func `fresh rules are spread with gaps`() {
        #expect(RulePriorities.assign(present: [nil, nil, nil]) == [50, 100, 150])
    }

    @Test func `an insertion changes nobody else`() {
        #expect(RulePriorities.assign(present: [50, nil, 100]) == [50, 75, 100])
        #expect(RulePriorities.assign(present: [nil, 50]) == [25, 50])
        #expect(RulePriorities.assign(present: [50, nil]) == [50, 100])
    }

    @Test func `numbers of rules that are about to go are not reused`() {
        let numbers = RulePriorities.assign(present: [50, nil, 52], taken: [51])
        #expect(numbers.map { !$0.contains(51) && isRising($0) } == true)
    }

    @Test func `moving one rule changes one number`() throws {
        let present = [50, 100, 150, 200, 250]
        let moved = [present[4]] + present[0...3]
        let numbers = try #require(RulePriorities.assign(present: moved))
        #expect(isRising(numbers))
        #expect(zip(numbers, moved).filter { $0 != $1 }.count == 1)
    }

    @Test func `a full gap makes neighbours move`() throws {
        let numbers = try #require(RulePriorities.assign(present: [1, nil, 2, 300]))
        #expect(isRising(numbers))
        #expect(numbers[3] == 300)
    }

    @Test func `more rules than numbers cannot be`() {
        #expect(RulePriorities.assign(present: Array(repeating: nil, count: 10_001)) == nil)
        #expect(RulePriorities.assign(present: Array(repeating: nil, count: 10_000)).map(isRising) == true)
    }

    @Test func `whatever is edited the numbers rise and present ones are not given to others`() throws {
        var random = RandomStream(seed: 4)
        for _ in 0..<400 {
            let numbers = Array(Set((0..<30).map { _ in Int(random.next() % 200) + 1 })).shuffled(
                using: &random
            )
            var present: [Int?] = numbers.map { $0 }
            for _ in 0..<Int(random.next() % 20) {
                present.insert(nil, at: Int(random.next() % UInt64(present.count + 1)))
            }
            let taken = Set((0..<10).map { _ in Int(random.next() % 200) + 1 })
            let result = try #require(RulePriorities.assign(present: present, taken: taken))
            #expect(isRising(result))
            let changed = zip(result, present).filter { $0 != $1 }.map(\.0)
            #expect(Set(changed).isDisjoint(with: numbers.filter { number in !result.contains(number) }))
        }
    }
}
