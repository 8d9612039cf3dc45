// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct StoryTests {
    @Test(arguments: Story.all)
    func `happens as it is told`(_ story: Story) async throws {
        let server = try await TestServer.withNamespace()
        let differences = try await story.tell(server)
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }

    @Test func `there are stories`() {
        let names = ["apply", "custom", "deletion", "lists", "reviews", "services", "versions"]
        #expect(Story.all.map(\.name) == names)
    }
}
