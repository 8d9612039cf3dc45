// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesServer
import Ports
import Testing

@Suite struct FuzzTests {
    /// Values that are likely to break what reads them.
    private static let odd: [JSONValue] = [
        nil, true, false, 0, -1, 1, 65_536, .integer(.max), .integer(.min), .number("1e400"), .number("-0"),
        .number("0.5"), "", "x", "-", "a/b", "*.", "*", "..", "\u{0}", "é", "9999-12-31T23:59:59Z",
        "1e999999",
        "-9223372036854775808", .string(String(repeating: "a", count: 300)), [], [:], [[]], [nil],
        ["a": ["b": nil]],
        ["$patch": "delete"], ["$patch": "replace"], ["name": "web", "$patch": "delete"], ["$retainKeys": 5],
    ]

    private static func changed(_ value: JSONValue, _ stream: inout RandomStream) -> JSONValue {
        if stream.chance(0.15) { return odd[Int(stream.next() % UInt64(odd.count))] }
        switch value {
        case .object(let object) where !object.isEmpty:
            var object = object
            let member = object.members[Int(stream.next() % UInt64(object.count))]
            object[member.key] = changed(member.value, &stream)
            if stream.chance(0.1) { object["extra"] = odd[Int(stream.next() % UInt64(odd.count))] }
            return .object(object)
        case .array(let items) where !items.isEmpty:
            var items = items
            let place = Int(stream.next() % UInt64(items.count))
            items[place] = changed(items[place], &stream)
            if stream.chance(0.1) { items.append(items[place]) }
            return .array(items)
        default: return odd[Int(stream.next() % UInt64(odd.count))]
        }
    }

    private static let samples: [(String, JSONValue)] = [
        (Paths.configMaps, Sample.configMap("f", labels: ["a": "b"])),
        (Paths.pods, Sample.pod("f", node: "n")),
        (Paths.ingresses, Sample.ingress("f")), (Paths.deployments, Sample.deployment("f")),
        (
            Paths.services,
            [
                "metadata": ["name": "f"],
                "spec": [
                    "type": "NodePort", "clusterIP": "10.96.0.9", "ports": [["port": 80, "nodePort": 30000]],
                ],
            ]
        ),
        (
            Paths.secrets,
            ["metadata": ["name": "f"], "type": "kubernetes.io/tls", "data": ["tls.crt": "eA=="]]
        ),
        (
            Paths.definitions,
            [
                "metadata": ["name": "fs.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Cluster", "names": ["plural": "fs", "kind": "F"],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object",
                                    "properties": ["spec": ["type": "array", "items": ["type": "string"]]],
                                ]
                            ],
                        ]
                    ],
                ],
            ]
        ),
    ]

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `odd bodies are answered, not fatal`(_ seed: UInt64) async throws {
        let server = try await TestServer.withNamespace()
        var stream = RandomStream(seed: seed)
        let types = [
            "application/merge-patch+json", "application/strategic-merge-patch+json",
            "application/json-patch+json",
        ]
        for _ in 0..<600 {
            let (path, sample) = Self.samples[Int(stream.next() % UInt64(Self.samples.count))]
            let body = Self.changed(sample, &stream)
            let name = sample["metadata"]?["name"]?.stringValue ?? ""
            let answer: TestServer.Answer
            switch stream.next() % 6 {
            case 0, 1: answer = await server.post(path, body)
            case 2: answer = await server.put("\(path)/\(name)", body)
            case 3:
                answer = await server.delete("\(path)/\(name)", ["gracePeriodSeconds": body["spec"] ?? nil])
            case 4:
                let operation = Self.changed(["op": "replace", "path": "/spec/x", "value": 1], &stream)
                answer = await server.call(.patch, "\(path)/\(name)", [operation], type: types[2])
            default:
                answer = await server.call(
                    .patch,
                    "\(path)/\(name)",
                    body,
                    type: types[Int(stream.next() % 2)]
                )
            }
            #expect([200, 201, 400, 404, 405, 409, 415, 422, 500].contains(answer.status))
            #expect(answer.json != JSONValue.null, "\(answer.text)")
        }
        try await server.get("/readyz").expect(200)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `broken bytes and odd queries are answered, not fatal`(_ seed: UInt64) async throws {
        let server = try await TestServer.withNamespace()
        var stream = RandomStream(seed: seed)
        let values = ["", "0", "-1", "x", "99999999999999999999", "%", "%zz", "a=b", "!", "(", "1e9", "true"]
        let names = [
            "resourceVersion", "limit", "continue", "labelSelector", "fieldSelector", "timeoutSeconds",
            "watch",
            "gracePeriodSeconds", "fieldValidation", "dryRun", "resourceVersionMatch", "sendInitialEvents",
            "pretty",
        ]
        for _ in 0..<400 {
            var bytes = Sample.pod("f").bytes
            for _ in 0..<(1 + stream.next() % 4) {
                bytes[Int(stream.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: stream.next())
            }
            if stream.chance(0.3) { bytes.removeLast(Int(stream.next() % UInt64(bytes.count))) }
            var query = "?"
            for _ in 0..<2 {
                query += names[Int(stream.next() % UInt64(names.count))] + "="
                query += values[Int(stream.next() % UInt64(values.count))] + "&"
            }
            let methods: [HTTPRequest.Method] = [.get, .post, .put, .delete, .patch]
            let method = methods[Int(stream.next() % UInt64(methods.count))]
            let path = stream.chance(0.5) ? Paths.pods : "\(Paths.pods)/f"
            let answer = await server.call(method, path + query, bytes: method == .get ? nil : bytes)
            #expect((200...504).contains(answer.status))
        }
    }
}
