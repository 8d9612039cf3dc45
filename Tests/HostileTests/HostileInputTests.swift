// SPDX-License-Identifier: Apache-2.0

#if !FUZZING
import Testing

@Suite struct HostileInputTests {
    @Test(arguments: ByteReader.allCases)
    func `changed inputs end nothing and mean the same in pieces`(_ reader: ByteReader) {
        var mutation = Mutation(reader, seed: 20_261_128)
        for number in 0..<1500 {
            let bytes = mutation.next()
            if let complaint = reader.complaint(about: bytes) {
                Issue.record("input \(number), \(bytes): \(complaint)")
                return
            }
        }
    }

    @Test(arguments: ByteReader.allCases)
    func `the seeds themselves are fine`(_ reader: ByteReader) {
        for bytes in Seeds.inputs(reader) + [[]] {
            #expect(reader.complaint(about: bytes) == nil)
        }
    }

    @Test func `the seeds are read as what they are`() {
        let found = Seeds.inputs(.requests).map { HTTP1Reading.requests([$0]).transcript }
        #expect(!found.contains { $0.contains("garbled") }, "\(found)")
        #expect(found[3].contains("2 GET") || found[3].contains("/2"))
    }
}
#endif
