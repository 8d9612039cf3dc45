// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct SmokeTests {
    @Test func `a new server has its first namespaces`() async throws {
        let server = try TestServer()
        let list = await server.get("/api/v1/namespaces")
        let names = list["items"]?.arrayValue?.compactMap { $0["metadata"]?["name"]?.stringValue }
        #expect(names == ["default", "kube-node-lease", "kube-public", "kube-system"])
    }
}
