// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct PodDifferenceTests {
    @Test func `a changed line is told with three before and behind it`() {
        let old = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        var new = old
        new[4] = "x"
        #expect(
            LineDifference.unified(old, new)
                == "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+x\n f\n g\n h\n"
        )
    }

    @Test func `far changes are told apart`() {
        let old = (1...20).map(String.init)
        var new = old
        new[0] = "x"
        new.insert("y", at: 19)
        #expect(
            LineDifference.unified(old, new)
                == "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -17,4 +17,5 @@\n 17\n 18\n 19\n+y\n 20\n"
        )
    }

    @Test func `a pod's restart policy is in line 38 of Go's view`() throws {
        let old = try #require(
            GoPodView.difference(
                ["containers": [["name": "a", "image": "x"]], "restartPolicy": "Always"],
                ["containers": [["name": "a", "image": "x"]], "restartPolicy": "Never"]
            )
        )
        #expect(
            old.hasPrefix(
                "@@ -35,7 +35,7 @@\n   }\n  ],\n  \"EphemeralContainers\": null,\n- \"RestartPolicy\": \"Always\",\n"
            )
        )
    }

    @Test func `what has no view is left out`() {
        #expect(GoPodView.difference(["affinity": [:], "containers": []], ["containers": []]) == nil)
    }
}
