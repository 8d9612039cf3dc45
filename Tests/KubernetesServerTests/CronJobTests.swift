// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct CronJobTests {
    private static let path = "/apis/batch/v1/namespaces/n/cronjobs"

    private static func cronJob(_ fields: JSONObject) -> JSONValue {
        var spec: JSONValue = [
            "schedule": "*/5 * * * *",
            "jobTemplate": [
                "spec": [
                    "template": [
                        "spec": ["containers": [["name": "c", "image": "i"]], "restartPolicy": "Never"]
                    ]
                ]
            ],
        ]
        for field in fields { spec[field.key] = field.value }
        return ["metadata": ["name": "c"], "spec": spec]
    }

    @Test func `a CronJob has the real defaults and its template none of a job`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(Self.path, Self.cronJob([:])).expect(201)
        #expect(made["spec", "concurrencyPolicy"] == "Allow")
        #expect(made["spec", "suspend"] == false)
        #expect(made["spec", "successfulJobsHistoryLimit"] == 3)
        #expect(made["spec", "failedJobsHistoryLimit"] == 1)
        #expect(made["spec", "jobTemplate", "spec", "parallelism"] == nil)
        #expect(made["spec", "jobTemplate", "spec", "template", "spec", "restartPolicy"] == "Never")
        #expect(made["metadata", "generation"] == 1)
    }

    @Test func `a CronJob's mistakes are told`() async throws {
        let server = try await TestServer.withNamespace()
        let bad = Self.cronJob(["schedule": "61 * * * *", "concurrencyPolicy": "Maybe", "timeZone": "Mars/-"])
        let refused = try await server.post(Self.path, bad).expect(422)
        #expect(
            refused.words == [
                "spec.schedule: Invalid value: \"61 * * * *\": end of range (61) above maximum (59): 61",
                "spec.timeZone: Invalid value: \"Mars/-\": unknown time zone Mars/-",
                "spec.concurrencyPolicy: Unsupported value: \"Maybe\": supported values: \"Allow\", \"Forbid\", "
                    + "\"Replace\"",
            ]
        )
    }

    @Test(arguments: [
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("@often", "unrecognized descriptor: @often"),
    ]) func `a schedule that is none`(_ text: String, _ mistake: String) {
        #expect(CronSchedule.mistake(in: text) == mistake)
    }

    @Test(arguments: ["0 0 1 1 0", "*/15 8-18 * jan-mar mon-fri", "@hourly", "1,2,3 5/2 ? * SUN"])
    func `a schedule`(_ text: String) {
        #expect(CronSchedule.mistake(in: text) == nil)
    }
}
