// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Ports
import Testing

@Suite struct NodeRequestTests {
    private let log = "\(Paths.pods)/p/log"

    private func server(containers: [String], node: String? = nil) async throws -> TestServer {
        let server = try await TestServer.withNamespace()
        let list = containers.map { name -> JSONValue in ["name": .string(name), "image": "i:1"] }
        var spec: JSONObject = ["containers": .array(list)]
        if let node { spec["nodeName"] = .string(node) }
        try await server.post(Paths.pods, ["metadata": ["name": "p"], "spec": .object(spec)]).expect(201)
        return server
    }

    @Test func `a pod without a node has printed nothing`() async throws {
        let server = try await server(containers: ["web"])
        let response = await server.send(.get, log)
        #expect(response.head.status.code == 200)
        #expect(response.head.headerFields[.contentType] == "text/plain")
    }

    @Test func `of several containers one has to be named`() async throws {
        let server = try await server(containers: ["web", "side"])
        let refused = try await server.get(log).expect(400)
        #expect(
            refused["message"] == "a container name must be specified for pod p, choose one of: [web side]"
        )
        try await server.get("\(log)?container=side").expect(200)
        let unknown = try await server.get("\(log)?container=nope").expect(400)
        #expect(unknown["message"] == "container nope is not valid for pod p")
    }

    @Test(arguments: [
        ("tailLines=-1", "tailLines FieldValueInvalid"), ("limitBytes=0", "limitBytes FieldValueInvalid"),
        ("sinceSeconds=0", "sinceSeconds FieldValueInvalid"),
    ])
    func `values that can not be are refused`(_ query: String, _ cause: String) async throws {
        let server = try await server(containers: ["web"])
        #expect(try await server.get("\(log)?\(query)").expect(422).causes == [cause])
    }

    @Test func `a node that nobody knows can not be asked`() async throws {
        let server = try await server(containers: ["web"], node: "nowhere")
        let refused = try await server.get(log).expect(404)
        #expect(refused["message"] == "nodes \"nowhere\" not found")
    }

    @Test func `a node that can not be reached is told`() async throws {
        let server = try await server(containers: ["web"], node: "there")
        let addresses: JSONValue = [["type": "InternalIP", "address": "10.9.9.9"]]
        try await server.post(
            "/api/v1/nodes",
            ["metadata": ["name": "there"], "status": ["addresses": addresses]]
        ).expect(201)
        let refused = try await server.get("\(log)?tailLines=3").expect(500)
        let message = refused["message"]?.stringValue ?? ""
        #expect(
            message.hasPrefix("Get \"https://10.9.9.9:10250/containerLogs/n/p/web?tailLines=3\": dial tcp")
        )
    }

    @Test func `commands want another protocol, and then there is nothing to connect to`() async throws {
        let server = try await server(containers: ["web"], node: "there")
        for subresource in ["exec", "attach", "portforward"] {
            let refused = try await server.post("\(Paths.pods)/p/\(subresource)", [:]).expect(400)
            #expect(refused["message"] == "Upgrade request required")
        }
        let idle = try await self.server(containers: ["web"])
        let refused = try await idle.post("\(Paths.pods)/p/exec", [:]).expect(400)
        #expect(refused["message"] == "pod p does not have a host assigned")
    }
}
