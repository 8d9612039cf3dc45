// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import KubernetesServer

@Suite struct SortedKeyTests {
    @Test func `many keys stay in order whatever is added and taken away`() {
        var random = RandomStream(seed: 1)
        var (keys, known) = (SortedKeys(), [String]())
        for turn in 0..<6000 {
            if turn % 3 == 2, !known.isEmpty {
                let place = Int.random(in: 0..<known.count, using: &random)
                keys.remove(known.remove(at: place))
            } else {
                let key = "n\(Int.random(in: 0..<20, using: &random))/\(turn)"
                keys.insert(key)
                known.append(key)
            }
        }
        keys.remove("not there")
        known.sort()
        #expect(Array(keys.from("")) == known)
        #expect(Array(keys.from("n3/")) == known.filter { $0 >= "n3/" })
        #expect(Array(keys.from("n3/5")) == known.filter { $0 >= "n3/5" })
        #expect(Array(keys.from("z")).isEmpty)
        for key in known { keys.remove(key) }
        #expect(Array(keys.from("")).isEmpty)
    }
}
