// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Ports
import Testing

@testable import KubernetesServer

@Suite struct AccessTests {
    private func call(
        _ server: TestServer,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        token: String? = nil,
        user: String? = nil
    ) async -> (status: Int, json: JSONValue) {
        var head = HTTPRequest(method: method, scheme: "https", authority: "server", path: path)
        head.headerFields[.contentType] = "application/json"
        if let token { head.headerFields[.authorization] = "Bearer \(token)" }
        if let user, let name = HTTPField.Name("Impersonate-User") { head.headerFields[name] = user }
        let response = await server.server.handle(
            HTTPServerRequest(head: head, body: body?.bytes ?? [], facts: .test)
        )
        guard case .bytes(let bytes) = response.body else { return (response.head.status.code, .null) }
        return (response.head.status.code, (try? JSONValue(parsing: bytes)) ?? .null)
    }

    private func server() async throws -> TestServer {
        let server = try TestServer(configuration: KubernetesServerConfiguration(tokens: ["secret"]))
        let made = await call(
            server,
            .post,
            "/api/v1/namespaces",
            ["metadata": ["name": "n"]],
            token: "secret"
        )
        #expect(made.status == 201)
        return server
    }

    private let accounts = "/api/v1/namespaces/n/serviceaccounts"
    private let roles = "/apis/rbac.authorization.k8s.io/v1"

    private func accountToken(_ server: TestServer) async throws -> String {
        let account: JSONValue = ["metadata": ["name": "robot"]]
        #expect(await call(server, .post, accounts, account, token: "secret").status == 201)
        let request: JSONValue = ["spec": ["expirationSeconds": 600]]
        let made = await call(server, .post, "\(accounts)/robot/token", request, token: "secret")
        return try #require(made.json["status"]?["token"]?.stringValue)
    }

    @Test func `nobody may look at health and version only`() async throws {
        let server = try await server()
        #expect(await call(server, .get, "/readyz").status == 200)
        #expect(await call(server, .get, "/version").status == 200)
        let refused = await call(server, .get, "/api/v1/namespaces/n/pods")
        #expect(refused.status == 403)
        #expect(
            refused.json["message"]
                == #"pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "n""#
        )
        #expect(await call(server, .get, "/apis").status == 403)
        #expect(await call(server, .get, "/apis", token: "wrong").status == 401)
    }

    @Test func `a ServiceAccount may what its roles say`() async throws {
        let server = try await server()
        let token = try await accountToken(server)
        let pods = "/api/v1/namespaces/n/pods"
        #expect(await call(server, .get, "/apis", token: token).status == 200)
        #expect(await call(server, .get, pods, token: token).status == 403)
        let role: JSONValue = [
            "metadata": ["name": "reader"],
            "rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]]],
        ]
        let binding: JSONValue = [
            "metadata": ["name": "robots"],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"],
            "subjects": [["kind": "ServiceAccount", "name": "robot", "namespace": "n"]],
        ]
        let place = "\(roles)/namespaces/n"
        #expect(await call(server, .post, "\(place)/roles", role, token: "secret").status == 201)
        #expect(await call(server, .post, "\(place)/rolebindings", binding, token: "secret").status == 201)
        #expect(await call(server, .get, pods, token: token).status == 200)
        #expect(await call(server, .delete, "\(pods)/a", token: token).status == 403)
        #expect(await call(server, .get, "/api/v1/pods", token: token).status == 403)
        let review: JSONValue = [
            "spec": ["resourceAttributes": ["verb": "list", "resource": "pods", "namespace": "n"]]
        ]
        let reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let answer = await call(server, .post, reviews, review, token: token)
        #expect(answer.json["status"]?["allowed"] == true)
    }

    @Test func `a token ends with its time and with its account`() async throws {
        let server = try await server()
        let token = try await accountToken(server)
        let reviews = "/apis/authentication.k8s.io/v1/tokenreviews"
        let review: JSONValue = ["spec": ["token": .string(token)]]
        let known = await call(server, .post, reviews, review, token: "secret")
        #expect(known.json["status"]?["user"]?["username"] == "system:serviceaccount:n:robot")
        #expect(known.json["status"]?["authenticated"] == true)
        server.clock.advance(by: .seconds(601))
        #expect(await call(server, .get, "/apis", token: token).status == 401)
        let over = await call(server, .post, reviews, review, token: "secret")
        #expect(over.json["status"]?["authenticated"] == nil)
    }

    @Test func `who may everything may act for somebody else`() async throws {
        let server = try await server()
        let reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        let bob = await call(server, .post, reviews, [:], token: "secret", user: "bob")
        #expect(bob.json["status"]?["userInfo"] == ["username": "bob", "groups": ["system:authenticated"]])
        let pods = "/api/v1/namespaces/n/pods"
        #expect(await call(server, .get, pods, token: "secret", user: "bob").status == 403)
        let token = try await accountToken(server)
        let refused = await call(server, .get, pods, token: token, user: "bob")
        #expect(refused.status == 403)
        #expect(
            refused.json["message"]?.stringValue?.contains("cannot impersonate resource \"users\"") == true
        )
    }

    @Test func `who am I`() async throws {
        let server = try await server()
        let reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        let me = await call(server, .post, reviews, [:], token: "secret")
        #expect(me.json["status"]?["userInfo"]?["username"] == "kubernetes-admin")
    }
}
