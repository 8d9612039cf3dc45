// SPDX-License-Identifier: Apache-2.0
import JSON
import Storage
import Testing

@testable import Reports

@Suite struct PageTests {
    /// What the page holds as data.
    private func data(_ page: String) throws -> JSONValue {
        let start = try #require(page.firstRange(of: "type=\"application/json\">"))
        let rest = page[start.upperBound...]
        let end = try #require(rest.firstRange(of: "</script>"))
        return try JSONValue(parsing: String(rest[..<end.lowerBound]))
    }

    @Test func `the page is one file that loads nothing`() throws {
        let page = try RunPage.html(SampleRun.rollout().saved())
        #expect(page.hasPrefix("<!doctype html>"))
        // The name of SVG's namespace is no address that anything is loaded from.
        let program = page.replacing("http://www.w3.org/2000/svg", with: "")
        for word in [
            "src=", "href=", "@import", "url(", "fetch(", "XMLHttpRequest", "http://www", "https://cdn",
        ] {
            #expect(!program.contains(word), "\(word)")
        }
        #expect(!page.contains("{{"))
    }

    @Test func `nothing in a run can end the element that holds its data`() throws {
        let page = try RunPage.html(SampleRun.rollout().saved())
        #expect(page.contains("<title>A rollout &lt;/script> loses"))
        #expect(try data(page)["run"]?["scenario"] == "A rollout </script> loses <b>one</b> request")
    }

    @Test func `the page knows each lane`() throws {
        let data = try data(RunPage.html(SampleRun.rollout().saved()))
        #expect(data["steps"]?.arrayValue?.count == 1)
        #expect(data["zones"]?[0]?[4] == 3)
        #expect(data["pods"]?[0]?[6] == "draining")
        #expect(data["passes"]?[0]?[3] == "deployment")
        #expect(data["objects"]?.arrayValue?.map { $0["kind"] ?? .null } == ["Deployment", "Pod"])
        #expect(data["traffic"]?[0]?["name"] == "shoppers")
        let counts = (data["traffic"]?[0]?["buckets"]?.arrayValue ?? []).map { bucket in
            (1...5).compactMap { bucket[$0]?.intValue }
        }
        #expect(counts.reduce([0, 0, 0, 0, 0]) { zip($0, $1).map(+) } == [1, 0, 1, 1, 0])
    }

    @Test func `a request tells its path, and the nearest miss when no rule took it`() throws {
        let data = try data(RunPage.html(SampleRun.rollout().saved()))
        let requests = data["requests"]?.arrayValue ?? []
        #expect(requests.count == 3)
        let missed = try #require(requests.first { $0["s"] == 404 })
        let place = try #require(missed["w"]?.intValue)
        let path = try #require(data["paths"]?[place])
        #expect(path["miss"]?["rule"] == "rule-80-50 (50)")
        #expect(path["miss"]?["conditions"]?[1] == ["Path", "/cart", "/basket", false])
        #expect(path["outcome"] == "404 fixed response")
        let bad = try #require(requests.first { $0["s"] == 502 })
        #expect(bad["y"]?.arrayValue?.count == 6)
        #expect(bad["z"]?[9] == "server refused the connection")
    }

    @Test func `revisions are told as what they changed, and can be put together again`() throws {
        var sample = SampleRun.rollout()
        sample.object(
            "update",
            "deployments.apps",
            "web",
            revision: 30,
            at: 20,
            ["kind": "Deployment", "spec": ["image": "web:v3"], "status": ["ready": 2]]
        )
        let data = try data(RunPage.html(sample.saved()))
        let revisions = try #require(data["objects"]?[0]?["revisions"]?.arrayValue)
        #expect(revisions[0][4]?["spec"]?["image"] == "web:v2")
        #expect(
            revisions[1][4] == [
                [["spec", "image"], ["web:v2"], ["web:v3"]], [["spec", "replicas"], [2], []],
                [["status"], [], [["ready": 2]]],
            ]
        )
    }

    @Test func `changes of lists are told by place, or as a whole when the length changed`() {
        #expect(ObjectChange.between(["a": [1, 2]], ["a": [1, 3]]).map(\.path) == [["a", "1"]])
        #expect(ObjectChange.between(["a": [1, 2]], ["a": [1]]).map(\.path) == [["a"]])
        #expect(ObjectChange.between(["a": 1], ["a": 1]).isEmpty)
    }

    @Test func `an hour of busy traffic stays below five megabytes`() throws {
        var sample = SampleRun.rollout()
        // 20 requests a second for an hour, of which one in ninety goes wrong, and an object that changes each second.
        for second in 0..<3600 {
            for part in 0..<20 {
                let isBad = (second * 20 + part) % 90 == 0
                sample.request(
                    isBad ? 502 : 200,
                    at: 30 + Double(second) + Double(part) / 20,
                    path: "/cart?\(part)",
                    exchange: Int64(10 + second * 20 + part),
                    reason: isBad ? "server cut the connection" : "",
                    servedBy: "web-\(second / 60)"
                )
            }
            sample.object(
                "update",
                "deployments.apps",
                "web",
                revision: Int64(100 + second),
                at: 30 + Double(second),
                [
                    "kind": "Deployment", "spec": ["image": .string("web:v\(second)")],
                    "padding": .string(String(repeating: "x", count: 400)),
                ]
            )
        }
        let page = try RunPage.html(sample.saved())
        #expect(page.utf8.count < 5_000_000)
        let requests = try data(page)["requests"]?.arrayValue?.count ?? 0
        #expect(requests > 500 && requests <= PageRequests.limit)
    }

    @Test func `a page of many objects is no larger than one of some`() throws {
        func page(objects count: Int) throws -> String {
            var sample = SampleRun.rollout()
            for place in 0..<count {
                for version in 0..<3 {
                    sample.object(
                        version == 0 ? "create" : "update",
                        "services",
                        "shop-\(place)",
                        revision: Int64(100 + place * 3 + version),
                        at: 30 + Double(place) / 10,
                        [
                            "kind": "Service", "spec": ["version": .integer(Int64(version))],
                            "padding": .string(String(repeating: "x", count: 200)),
                        ]
                    )
                }
            }
            return try RunPage.html(sample.saved())
        }
        let some = try page(objects: 800)
        let many = try page(objects: 3200)
        #expect(try data(some)["objects"]?.arrayValue?.count == data(many)["objects"]?.arrayValue?.count)
        #expect(many.utf8.count < some.utf8.count * 11 / 10)
    }

    @Test func `a run file of an earlier format is refused with what to do`() throws {
        let writer = try RunFileWriter()
        try writer.set("format", "1")
        let error = #expect(throws: ReportError.self) { try RunPage.html(SavedRun(writer)) }
        #expect(error?.description.contains("run the scenario again with --save") == true)
    }
}
