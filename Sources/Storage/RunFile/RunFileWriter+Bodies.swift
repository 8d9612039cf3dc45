// SPDX-License-Identifier: Apache-2.0

extension RunFileWriter {
    /// Adds the bodies of stored revisions, each as JSON.
    ///
    /// - Throws: `StorageError` when a revision is there already, or the file can not be written.
    public func append(bodies: some Sequence<(revision: Int64, body: String)>) throws(StorageError) {
        try insert("INSERT INTO object_body VALUES (?, ?)", bodies.lazy.map { [.integer($0), .text($1)] })
    }

    /// Adds the configuration versions of load balancers; equal parts are kept once.
    ///
    /// - Throws: `StorageError` when a version is there already, or the file can not be written.
    public func append(configurations: [SavedConfiguration]) throws(StorageError) {
        var numbers: [String: Int64] = [:]
        var parts: [[SQLValue]] = []
        func number(_ part: String) -> Int64 {
            if let known = numbers[part] { return known }
            let number = Int64(numbers.count + 1)
            numbers[part] = number
            parts.append([.integer(number), .text(part)])
            return number
        }
        func list(_ texts: [String]) -> SQLValue {
            .text("[" + texts.map { String(number($0)) }.joined(separator: ",") + "]")
        }
        let rows: [[SQLValue]] = configurations.map {
            [
                .text($0.loadBalancer), .integer($0.version), .text($0.head), list($0.listeners),
                list($0.serverGroups),
            ]
        }
        try insert("INSERT INTO configuration_part VALUES (?, ?)", parts)
        try insert("INSERT INTO configuration_body VALUES (?, ?, ?, ?, ?)", rows)
    }

    /// Adds what was expected, in the order of the file.
    ///
    /// - Throws: `StorageError` when the file can not be written.
    public func append(expectations: [SavedExpectation]) throws(StorageError) {
        try insert(
            "INSERT INTO expectation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            expectations.enumerated().map { place, expectation in
                [
                    .integer(Int64(place + 1)), .text(expectation.name), .text(expectation.file),
                    .integer(Int64(expectation.line)), .integer(Int64(expectation.column)),
                    .text(expectation.expected), .integer(expectation.isMet ? 1 : 0),
                    expectation.firstWrong.map { .integer($0) } ?? .null,
                    .text(expectation.seen.joined(separator: "\n")),
                ]
            }
        )
    }
}
