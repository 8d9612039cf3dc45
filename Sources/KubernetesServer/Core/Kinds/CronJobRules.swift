// SPDX-License-Identifier: Apache-2.0
import JSON

/// CronJobs, as stored objects: nothing makes their jobs.
///
/// - Source: the batch validation of Kubernetes 1.36 (seen upstream); whether a time zone exists is not asked.
enum CronJobRules {
    static let cronJob = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check,
        checkCreate: { object, errors in
            if object.metadata.name.utf8.count > 52 {
                errors.invalid(
                    FieldPath("metadata")["name"],
                    .string(object.metadata.name),
                    "must be no more than 52 characters"
                )
            }
        },
        warnings: { object in
            let pod = path["jobTemplate"]["spec"]["template"]["spec"]
            return PodSpecRules.warnings(
                object["spec", "jobTemplate", "spec", "template", "spec"] ?? [:],
                pod
            )
        }
    )

    private static let path = FieldPath("spec")

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let spec = object.content["spec"] ?? [:]
        checkSchedule(spec["schedule"]?.stringValue ?? "", &errors)
        errors.notNegative(spec["startingDeadlineSeconds"], path["startingDeadlineSeconds"])
        if let zone = spec["timeZone"]?.stringValue { checkZone(zone, &errors) }
        errors.choice(
            spec["concurrencyPolicy"],
            ["Allow", "Forbid", "Replace"],
            path["concurrencyPolicy"]
        )
        let job = spec["jobTemplate"]?["spec"] ?? [:]
        let place = path["jobTemplate"]["spec"]
        JobRules.check(job, place, &errors)
        if let selector = job["selector"] {
            errors.invalid(place["selector"], selector, "`selector` will be auto-generated")
        }
        if job["manualSelector"] == true {
            errors.unsupported(place["manualSelector"], true, ["nil", "false"])
        }
        errors.notNegative(spec, ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"], path)
    }

    private static func checkSchedule(_ schedule: String, _ errors: inout FieldErrors) {
        let place = path["schedule"]
        if schedule.isEmpty { return errors.required(place) }
        if let mistake = CronSchedule.mistake(in: schedule) {
            errors.invalid(place, .string(schedule), mistake)
        }
        if schedule.contains("TZ") {
            let message = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
            errors.invalid(place, .string(schedule), message)
        }
    }

    private static func checkZone(_ zone: String, _ errors: inout FieldErrors) {
        let place = path["timeZone"]
        if zone.isEmpty {
            return errors.invalid(place, "", "timeZone must be nil or non-empty string")
        }
        let areParts = zone.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            part != "." && part != ".." && !part.hasPrefix("-") && (1...14).contains(part.utf8.count)
                && part.utf8.allSatisfy { NameRules.isLetterOrDigit($0) || ".-_+".utf8.contains($0) }
        }
        if !areParts {
            errors.invalid(place, .string(zone), "unknown time zone \(zone)")
        } else if zone.lowercased() == "local" {
            errors.invalid(
                place,
                .string(zone),
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
            )
        }
    }
}
