// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// An object that is refused, and the words of the refusal, cause by cause: `field: message`.
struct Refused: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let object: JSONValue
    let causes: [String]

    init(_ description: String, _ object: JSONValue, _ causes: [String]) {
        testDescription = description
        self.object = object
        self.causes = causes
    }

    /// Sends the object to a server.
    func check(_ path: String, _ object: JSONValue) async throws {
        let server = try await TestServer.withNamespace()
        var object = object
        object.set(["metadata", "name"], "bad")
        let answer = await server.post(path, object)
        #expect(answer.words == causes)
        #expect(answer.status == (causes.isEmpty ? 201 : 422), "\(answer.text)")
    }
}

extension TestServer.Answer {
    /// The causes of a refusal in words.
    var words: [String] {
        (json["details"]?["causes"]?.arrayValue ?? []).map {
            "\($0["field"]?.stringValue ?? ""): \($0["message"]?.stringValue ?? "")"
        }
    }
}
