// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Cluster

@Suite struct LogTests {
    private static let scripts = PodScripts(general: ["log": ["one", "two"], "accessLog": true])

    /// Asks the API server for a pod's log.
    private func log(_ world: ClusterWorld, _ pod: String, _ query: String = "") async throws -> HTTPReply {
        let path = "/api/v1/namespaces/default/pods/\(pod)/log\(query)"
        let head = HTTPRequest(method: .get, scheme: "http", authority: "server", path: path)
        let endpoint = Endpoint(host: ClusterWorld.server.ip, port: ClusterWorld.server.port)
        return try await world.web.send(head, to: endpoint, timeout: .seconds(30))
    }

    private func text(_ world: ClusterWorld, _ pod: String, _ query: String = "") async throws -> String {
        String(decoding: try await log(world, pod, query).collect(), as: UTF8.self)
    }

    private func makePod(_ world: ClusterWorld, _ name: String) async throws {
        let container: JSONValue = ["name": "web", "image": "web:1", "ports": [["containerPort": 8080]]]
        try await world.apply(.pods, name, ["spec": ["containers": [container]]])
        try await world.eventually("the pod is ready") {
            try await world.client.get(.pods, namespace: "default", name: name).isTrue("Ready")
        }
        try await world.sleep(.seconds(1))
    }

    @Test func `what a process prints is asked of the pod's node`() throws {
        try ClusterWorld.run(scripts: Self.scripts) { world in
            try await self.makePod(world, "a")
            let lines = try await self.text(world, "a").split(separator: "\n")
            #expect(lines.prefix(2) == ["one", "two"])
            #expect(lines.last?.hasPrefix("listening on 10.1.") == true)
            #expect(try await self.text(world, "a", "?tailLines=1") == "\(lines.last ?? "")\n")
            #expect(try await self.text(world, "a", "?limitBytes=5") == "one\nt")
            #expect(
                try await self.text(world, "a", "?sinceSeconds=1000") == lines.joined(separator: "\n") + "\n"
            )
            try await world.sleep(.seconds(10))
            #expect(try await self.text(world, "a", "?sinceSeconds=5") == "")
            let stamped = try await self.text(world, "a", "?timestamps=true&tailLines=3")
            #expect(stamped.prefix { $0 != " " }.count == 30)
        }
    }

    @Test func `a follower gets what is printed later, and the end`() throws {
        try ClusterWorld.run(scripts: Self.scripts) { world in
            try await self.makePod(world, "a")
            let reply = try await self.log(world, "a", "?follow=true&tailLines=0")
            #expect(reply.status == 200)
            let pod = try await world.client.get(.pods, namespace: "default", name: "a")
            let ip = pod["status"]?["podIP"]?.stringValue ?? ""
            let head = HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/tea")
            let answer = try await world.web.send(
                head,
                to: Endpoint(host: ip, port: 8080),
                timeout: .seconds(5)
            )
            #expect(answer.status == 200)
            try await world.client.delete(.pods, ObjectKey(namespace: "default", name: "a"))
            #expect(String(decoding: try await reply.collect(), as: UTF8.self) == "GET /tea 200\n")
        }
    }

    @Test func `the log before a crash is kept`() throws {
        let scripts = PodScripts(general: ["log": ["alive"], "crashAfter": "5s"])
        try ClusterWorld.run(scripts: scripts) { world in
            try await self.makePod(world, "a")
            let early = try await self.log(world, "a", "?previous=true")
            #expect(early.status == 400)
            let message = String(decoding: try await early.collect(), as: UTF8.self)
            #expect(message.contains("previous terminated container \\\"web\\\" in pod \\\"a\\\" not found"))
            try await world.sleep(.seconds(8))
            #expect(try await self.text(world, "a", "?previous=true").hasPrefix("alive\n"))
        }
    }

    @Test func `a node that is gone can not be asked`() throws {
        try ClusterWorld.run(scripts: Self.scripts) { world in
            try await self.makePod(world, "a")
            let pod = try await world.client.get(.pods, namespace: "default", name: "a")
            world.cluster.nodeDown(pod.nodeName)
            try await world.sleep(.seconds(1))
            let reply = try await self.log(world, "a")
            #expect(reply.status == 500)
            #expect(
                String(decoding: try await reply.collect(), as: UTF8.self).contains(":10250/containerLogs/")
            )
        }
    }

    @Test func `old lines make room`() {
        var lines = PrintedLines()
        for number in 0..<(PrintedLines.kept + 5) {
            lines.add(.init(at: Instant(seconds: Int64(number)), text: "\(number)"))
        }
        let kept = lines.lines(LogQuery())
        #expect(kept.count == PrintedLines.kept && kept.first?.text == "5")
    }

    @Test func `a query is read`() {
        let now = Instant(seconds: 1_000)
        let query = LogQuery("follow=true&tailLines=3&limitBytes=9&sinceSeconds=10&timestamps=true", at: now)
        #expect(query.follows && query.hasTimestamps && !query.isPrevious)
        #expect(query.tailLines == 3 && query.limitBytes == 9 && query.since == Instant(seconds: 990))
        #expect(LogQuery("sinceTime=1970-01-01T00%3A00%3A07Z", at: now).since == Instant(seconds: 7))
    }
}
