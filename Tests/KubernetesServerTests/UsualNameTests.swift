// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KubernetesServer

@Suite struct UsualNameTests {
    @Test(arguments: ["app", "A", "a_b.c-D9", "kubernetes.io/name", "a.b.c9/d_e", "x/y"])
    func `a usual key is seen at once`(key: String) {
        #expect(NameRules.isUsual(key))
        #expect(NameRules.qualifiedName(key).isEmpty)
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", "a/b/c", "-a", "a-", "_a", "a.", "A.b/c", "a..b/c", ".a/b", "a./b",
        "a b", "é", "a/é",
        String(repeating: "a", count: 64), String(repeating: "a", count: 254) + "/b", "a_b/c",
    ])
    func `a key that is wrong is not taken for a usual one`(key: String) {
        #expect(!NameRules.isUsual(key))
        #expect(!NameRules.qualifiedName(key).isEmpty)
    }

    @Test func `a prefix with a hyphen is looked at in full`() {
        #expect(!NameRules.isUsual("node-role.kubernetes.io/control-plane"))
        #expect(NameRules.qualifiedName("node-role.kubernetes.io/control-plane").isEmpty)
        #expect(!NameRules.qualifiedName("-node.io/a").isEmpty)
    }
}
