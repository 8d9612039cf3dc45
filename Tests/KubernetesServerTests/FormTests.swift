// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct FormTests {
    private static let ingress = #"""
        {"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"a","creationTimestamp":
        "2026-01-31T08:00:00Z","labels":{"x":"y"},"generation":2},"spec":{"rules":[{"host":"h","http":{"paths":
        [{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]},
        "status":{"loadBalancer":{}}}
        """#
    private static let service = #"""
        {"kind":"Service","apiVersion":"v1","metadata":{"name":"s"},"spec":{"ports":[{"port":80,"targetPort":"http"},
        {"port":81,"targetPort":8081}],"selector":{"a":"b"}},"status":{"loadBalancer":{}}}
        """#
    private static let pod = #"""
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","managedFields":[{"manager":"m","fieldsV1":{"f:a":{}}}]},
        "spec":{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"i","resources":
        {"limits":{"cpu":"100m"}},"livenessProbe":{"httpGet":{"port":80},"periodSeconds":5}}]},"status":{}}
        """#
    private static let secret = #"""
        {"kind":"Secret","apiVersion":"v1","metadata":{"name":"s"},"data":{"k":"aGk="},"type":"Opaque"}
        """#

    @Test(arguments: [ingress, service, pod, secret])
    func `an object comes back from protobuf as it went in`(text: String) throws {
        let object = try JSONValue(parsing: text)
        let bytes = try #require(ProtobufEnvelope.write(object))
        #expect(bytes.starts(with: ProtobufEnvelope.magic))
        #expect(try ProtobufEnvelope.read(bytes).sorted == object.sorted)
    }

    @Test func `bytes of Go's own encoder are read`() throws {
        // A Namespace "a" as client-go writes it: zero scalars and an empty time are there.
        let metadata: [UInt8] = [
            0x0a, 0x01, 0x61, 0x12, 0x00, 0x1a, 0x00, 0x22, 0x00, 0x2a, 0x00, 0x32, 0x00, 0x38, 0x00, 0x42,
            0x00,
        ]
        let raw: [UInt8] = [0x0a, UInt8(metadata.count)] + metadata + [0x12, 0x00, 0x1a, 0x02, 0x0a, 0x00]
        let type: [UInt8] = [0x0a, 0x02, 0x76, 0x31, 0x12, 0x09] + Array("Namespace".utf8)
        let bytes =
            ProtobufEnvelope.magic + [0x0a, UInt8(type.count)] + type + [0x12, UInt8(raw.count)] + raw
            + [0x1a, 0x00, 0x22, 0x00]
        let object = try ProtobufEnvelope.read(bytes)
        #expect(object["kind"] == "Namespace")
        #expect(object["metadata"]?["name"] == "a")
        #expect(object["metadata"]?["creationTimestamp"]?.isNull == true)
    }

    @Test func `no garbage makes the protobuf reader fail otherwise than by a mistake`() throws {
        let seeds = try [Self.ingress, Self.service, Self.pod].map { text in
            try #require(ProtobufEnvelope.write(JSONValue(parsing: text)))
        }
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for round in 0..<5_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...next(4) { bytes[4 + next(bytes.count - 4)] = UInt8(next(256)) }
            if next(4) == 0 { bytes.removeLast(next(bytes.count - 4)) }
            do {
                _ = try ProtobufEnvelope.read(bytes)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test(arguments: [
        (5, "5s"), (119, "119s"), (125, "2m5s"), (600, "10m"), (7_300, "121m"), (10_900, "3h1m"),
        (90_000, "25h"),
        (200_000, "2d7h"), (-5, "<invalid>"),
    ])
    func `ages are as short as kubectl prints them`(seconds: Int, text: String) {
        #expect(HumanAge.text(seconds: Int64(seconds)) == text)
    }

    @Test(arguments: [
        (".spec.a", "[1]"), (".items[*].n", #"["x","y"]"#), (#".items[?(@.t=="B")].n"#, #"["y"]"#),
        (".items[-1].n", #"["y"]"#), (".spec['b.c']", "[2]"), (#".spec.b\.c"#, "[2]"),
        (".nothing.here", "[]"),
    ])
    func `a column's path finds its values`(path: String, expected: String) throws {
        let json = #"{"spec":{"a":1,"b.c":2},"items":[{"t":"A","n":"x"},{"t":"B","n":"y"}]}"#
        let found = try #require(JSONPath(path)).values(in: JSONValue(parsing: json))
        #expect(JSONValue.array(found) == (try JSONValue(parsing: expected)))
    }

    @Test func `the best liked clause of an Accept header that can be given is taken`() throws {
        let all: [AnswerEncoding] = [.json, .yaml, .protobuf]
        let header = "application/json;q=0.5,application/yaml,application/json;as=Table;v=v1;g=meta.k8s.io"
        #expect(try Acceptance(accept: header, encodings: all).encoding == .yaml)
        let kubectl = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        #expect(try Acceptance(accept: kubectl, encodings: all).form == .table)
        #expect(throws: Acceptance.NotAcceptable.self) {
            try Acceptance(accept: "text/plain", encodings: all)
        }
        let protobuf = "application/vnd.kubernetes.protobuf,application/json"
        #expect(try Acceptance(accept: protobuf, encodings: [.json, .yaml]).encoding == .json)
    }
}
