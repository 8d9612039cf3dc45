// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import KubernetesServer

@Suite struct ObjectTests {
    @Test func `a new server has its first namespaces and the Service of the API server`() async throws {
        let server = try TestServer()
        let list = await server.get("/api/v1/namespaces")
        let names = list["items"]?.arrayValue?.compactMap { $0["metadata"]?["name"]?.stringValue }
        #expect(names == ["default", "kube-node-lease", "kube-public", "kube-system"])
        let service = await server.get("/api/v1/namespaces/default/services/kubernetes")
        #expect(service["spec", "clusterIP"] == "10.96.0.1")
    }

    @Test func `an object is created, read, changed and deleted`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(Paths.configMaps, Sample.configMap("one")).expect(201)
        #expect(made["metadata", "namespace"] == "n")
        #expect(made["metadata", "uid"]?.stringValue?.count == 36)
        let read = try await server.get("\(Paths.configMaps)/one").expect(200)
        #expect(read.json == made.json)
        var changed = read.json
        changed.set(["data", "b"], "2")
        let updated = try await server.put("\(Paths.configMaps)/one", changed).expect(200)
        #expect(updated["data"] == ["a": "1", "b": "2"])
        #expect(updated.resourceVersion != made.resourceVersion)
        let gone = try await server.delete("\(Paths.configMaps)/one").expect(200)
        #expect(gone["status"] == "Success")
        try await server.get("\(Paths.configMaps)/one").expect(404)
    }

    @Test func `an update from an old state is a conflict`() async throws {
        let server = try await TestServer.withNamespace()
        let made = await server.post(Paths.configMaps, Sample.configMap("one"))
        try await server.merge("\(Paths.configMaps)/one", ["data": ["a": "2"]]).expect(200)
        let late = try await server.put("\(Paths.configMaps)/one", made.json).expect(409)
        #expect(late["reason"] == "Conflict")
        #expect(late["message"]?.stringValue?.contains("the object has been modified") == true)
    }

    @Test func `a change that changes nothing keeps the resourceVersion`() async throws {
        let server = try await TestServer.withNamespace()
        let made = await server.post(Paths.deployments, Sample.deployment("web"))
        let put = try await server.put("\(Paths.deployments)/web", made.json).expect(200)
        let patch = try await server.merge("\(Paths.deployments)/web", [:]).expect(200)
        #expect(put.resourceVersion == made.resourceVersion)
        #expect(patch.resourceVersion == made.resourceVersion)
    }

    @Test func `the generation moves with the spec only`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.ingresses, Sample.ingress("shop")).expect(201)
        let labelled = await server.merge("\(Paths.ingresses)/shop", ["metadata": ["labels": ["a": "b"]]])
        #expect(labelled["metadata", "generation"] == 1)
        let changed = await server.merge("\(Paths.ingresses)/shop", ["spec": ["ingressClassName": "other"]])
        #expect(changed["metadata", "generation"] == 2)
        let status = await server.merge(
            "\(Paths.ingresses)/shop/status",
            ["status": ["loadBalancer": ["ingress": [["hostname": "a.example.com"]]]]]
        )
        #expect(status["metadata", "generation"] == 2)
    }

    @Test func `status and spec are written by their own paths`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.ingresses, Sample.ingress("shop")).expect(201)
        let main = await server.merge(
            "\(Paths.ingresses)/shop",
            ["status": ["loadBalancer": ["ingress": [["hostname": "a.example.com"]]]]]
        )
        #expect(main["status"] == ["loadBalancer": [:]])
        let status = await server.merge(
            "\(Paths.ingresses)/shop/status",
            ["metadata": ["labels": ["hash": "1"]], "spec": ["ingressClassName": "other"]]
        )
        #expect(status["spec", "ingressClassName"] == "alb")
        #expect(status["metadata", "labels"] == ["hash": "1"])
    }

    @Test func `a generated name is the beginning and five letters`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(
            Paths.configMaps,
            ["metadata": ["generateName": "gen-"]]
        ).expect(201)
        let name = try #require(made["metadata", "name"]?.stringValue)
        #expect(name.hasPrefix("gen-") && name.count == 9)
    }

    @Test func `the same seed gives the same uids`() async throws {
        var uids: [[String]] = []
        for seed: UInt64 in [7, 7, 8] {
            let server = try TestServer(seed: seed)
            let list = await server.get("/api/v1/namespaces")
            uids.append(list["items"]?.arrayValue?.compactMap { $0["metadata"]?["uid"]?.stringValue } ?? [])
        }
        #expect(uids[0] == uids[1])
        #expect(uids[0] != uids[2])
    }

    @Test func `nothing is made in a namespace that is not there or ends`() async throws {
        let server = try await TestServer.withNamespace()
        let missing = try await server.post(
            "/api/v1/namespaces/none/configmaps",
            Sample.configMap("one")
        ).expect(404)
        #expect(missing["message"] == "namespaces \"none\" not found")
        let marked = try await server.delete("/api/v1/namespaces/n").expect(200)
        #expect(marked["status", "phase"] == "Terminating")
        let late = try await server.post(Paths.configMaps, Sample.configMap("late")).expect(403)
        #expect(late.causes == ["metadata.namespace NamespaceTerminating"])
        var finished = marked.json
        finished.set(["spec", "finalizers"], [])
        try await server.put("/api/v1/namespaces/n/finalize", finished).expect(200)
        try await server.get("/api/v1/namespaces/n").expect(404)
    }

    @Test func `a dry run changes nothing`() async throws {
        let server = try await TestServer.withNamespace()
        let before = server.server.resourceVersion
        let dry = try await server.post(
            "\(Paths.services)?dryRun=All",
            [
                "metadata": ["name": "web"], "spec": ["ports": [["port": 80]]],
            ]
        ).expect(201)
        #expect(dry["spec", "clusterIP"]?.stringValue?.hasPrefix("10.96.") == true)
        #expect(dry["metadata", "resourceVersion"] == nil as JSONValue?)
        #expect(server.server.resourceVersion == before)
    }

    @Test func `unknown fields are dropped with a warning, or refused`() async throws {
        let server = try await TestServer.withNamespace()
        var body = Sample.ingress("shop")
        body.set(["spec", "bogus"], 1)
        let strict = try await server.post("\(Paths.ingresses)?fieldValidation=Strict", body).expect(400)
        #expect(strict["message"]?.stringValue?.contains("unknown field \"spec.bogus\"") == true)
        let made = try await server.post(Paths.ingresses, body).expect(201)
        #expect(made.warnings == ["299 - \"unknown field \\\"spec.bogus\\\"\""])
        #expect(made["spec", "bogus"] == nil as JSONValue?)
    }

    @Test func `a member that stands twice is warned of`() async throws {
        let server = try await TestServer.withNamespace()
        let text = #"{"metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}"#
        let made = try await server.call(.post, Paths.configMaps, bytes: Array(text.utf8)).expect(201)
        #expect(made.warnings == ["299 - \"duplicate field \\\"data.a\\\"\""])
        #expect(made["data"] == ["a": "2"])
    }

    @Test func `a value of a wrong type is refused where it stands`() async throws {
        let server = try await TestServer.withNamespace()
        let refused = try await server.post(Paths.configMaps, Sample.configMap("bad", ["n": 5])).expect(400)
        #expect(
            refused["message"]
                == "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
        )
    }

    @Test func `paths that are not there get the real answers`() async throws {
        let server = try TestServer()
        let outside = await server.get("/nosuchpath")
        #expect(outside.status == 404 && outside.text == "404 page not found\n")
        let resource = try await server.get("/api/v1/widgets").expect(404)
        #expect(resource["message"] == "the server could not find the requested resource")
        try await server.put(Paths.configMaps, [:]).expect(405)
        #expect(await server.get("/apis/nosuch.example.com/v1/things").text == "404 page not found\n")
    }

    @Test(arguments: ["{", "[]", "nonsense", "{\"metadata\":5}", "\u{0}"])
    func `a body that is no object is refused`(_ text: String) async throws {
        let server = try await TestServer.withNamespace()
        try await server.call(.post, Paths.configMaps, bytes: Array(text.utf8)).expect(400)
    }

    @Test func `a body over the limit is refused`() async throws {
        let server = try await TestServer.withNamespace()
        let huge = Sample.configMap("big", ["a": .string(String(repeating: "x", count: 3_200_000))])
        try await server.post(Paths.configMaps, huge).expect(413)
    }

    @Test func `discovery names what is served`() async throws {
        let server = try TestServer()
        let core = try await server.get("/api/v1").expect(200)
        let names = core["resources"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(
            names.contains("pods") && names.contains("pods/binding") && names.contains("namespaces/finalize")
        )
        let groups = try await server.get("/apis").expect(200)
        #expect(groups["groups"]?.arrayValue?.contains { $0["name"] == "networking.k8s.io" } == true)
        let aggregated = await server.call(
            .get,
            "/apis",
            accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        )
        #expect(aggregated["kind"] == "APIGroupDiscoveryList")
        #expect(await server.get("/version")["gitVersion"]?.stringValue?.hasPrefix("v1.36") == true)
        #expect(await server.get("/readyz").text == "ok")
    }

    @Test func `a token is asked for when there are some`() async throws {
        let server = try TestServer(configuration: KubernetesServerConfiguration(tokens: ["secret"]))
        let refused = try await server.get("/api/v1/namespaces").expect(403)
        #expect(refused["reason"] == "Forbidden")
        try await server.get("/healthz").expect(200)
    }

    @Test func `calls and revisions are traced`() async throws {
        let server = try await TestServer.withNamespace()
        _ = await server.call(
            .post,
            Paths.configMaps,
            Sample.configMap("one"),
            client: "controller/v1 (linux)"
        )
        let calls = server.trace.events.compactMap { if case .apiCall(let call) = $0 { call } else { nil } }
        #expect(calls.last?.client == "controller")
        #expect(calls.last?.verb == "create" && calls.last?.status == 201)
        let revisions = server.trace.events.compactMap { if case .object(let one) = $0 { one } else { nil } }
        #expect(revisions.last?.resource == "configmaps" && revisions.last?.name == "one")
        #expect(revisions.last?.verb == "create")
    }
}
