// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import KubernetesServer

@Suite struct SchemaTests {
    private func decode(_ kind: String, _ json: JSONValue) throws -> JSONObject {
        var decoder = SchemaDecoder()
        return try decoder.object(json, as: try #require(Schema.builtIn.place(kind)))
    }

    @Test func `the tables can be read`() {
        #expect(Schema.builtIn.structures.count > 250)
    }

    @Test func `zero values are left out unless they mean something`() throws {
        let spec = try decode(
            "PodSpec",
            [
                "containers": [], "hostNetwork": false, "nodeName": "", "priority": 0, "volumes": [],
            ]
        )
        #expect(spec["hostNetwork"] == nil as JSONValue?)
        #expect(spec["nodeName"] == nil as JSONValue?)
        #expect(spec["priority"] == 0)
        #expect(spec["volumes"] == nil as JSONValue?)
    }

    @Test func `what is always written is written`() throws {
        let status = try decode("ContainerStatus", ["name": "a"])
        #expect(status["ready"] == false && status["restartCount"] == 0 && status["lastState"] == [:])
        let condition = try decode("PodCondition", ["type": "Ready", "status": "True"])
        #expect(condition["lastProbeTime"] == JSONValue.null)
    }

    @Test func `one form for one object, whatever the order`() throws {
        let one = try decode(
            "ConfigMap",
            ["data": ["b": "2", "a": "1"], "metadata": ["name": "x", "labels": ["q": "1", "p": "2"]]]
        )
        let two = try decode(
            "ConfigMap",
            ["metadata": ["labels": ["p": "2", "q": "1"], "name": "x"], "data": ["a": "1", "b": "2"]]
        )
        #expect(ResourceObject(one).tail == ResourceObject(two).tail)
    }

    @Test func `a decoded object decodes to itself`() throws {
        let pod = try decode("Pod", Sample.pod("a"))
        let again = try decode("Pod", .object(pod))
        #expect(ResourceObject(pod).tail == ResourceObject(again).tail)
    }

    @Test(arguments: [
        ("500m", "500m"), ("0.5", "500m"), ("1000m", "1"), ("1024Mi", "1Gi"), ("64Mi", "64Mi"),
        ("1e3", "1e3"),
        ("1.5Gi", "1536Mi"), ("100000", "100k"), ("0", "0"), ("128974848", "128974848"), ("+2", "2"),
    ])
    func `a quantity has one spelling`(_ given: String, _ expected: String) {
        #expect(Quantity(given)?.description == expected)
    }

    @Test(arguments: ["", "x", "1.2.3", "1Zi", "--1", "1e99999999999", "99999999999999999999999"])
    func `what is no quantity is none`(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test(arguments: ["", "eA==", "YWRtaW4=", "////", "AAE="])
    func `Base64 goes both ways`(_ text: String) throws {
        #expect(Base64.encode(try Base64.decode(text)) == text)
    }

    @Test(arguments: ["e", "eA=", "e===", "ä", "eA==x"])
    func `what is no Base64 is refused`(_ text: String) {
        #expect(throws: Base64.Mistake.self) { try Base64.decode(text) }
    }

    @Test(arguments: ["10.0.0.1", "::1", "2001:db8::ffff", "::ffff:10.0.0.1"])
    func `IP addresses are read`(_ text: String) {
        #expect(IPAddress(text) != nil)
    }

    @Test(arguments: ["", "300.1.1.1", "10.0.0", "010.0.0.1", ":::", "1::2::3", "g::1", "1.2.3.4.5"])
    func `what is no IP address is refused`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `a table with a mistake says where`() {
        #expect(throws: Schema.Mistake.self) { try Schema(tables: ["A { b:Missing }"], defaults: "") }
        #expect(throws: Schema.Mistake.self) { try Schema(tables: ["A { b:string }"], defaults: "A.c=1") }
    }
}
