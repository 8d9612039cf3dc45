// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a claim for a volume asks for.
///
/// - Source: `ValidatePersistentVolumeClaimSpec` of Kubernetes 1.36 (seen upstream); data sources are not looked
///   into.
enum ClaimRules {
    private static let modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

    static func check(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let given = (spec["accessModes"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
        let place = path["accessModes"]
        if given.isEmpty { errors.required(place, "at least 1 access mode is required") }
        SelectorRules.check(spec["selector"], path["selector"], &errors)
        for mode in given where !modes.contains(mode) { errors.unsupported(place, .string(mode), modes) }
        let single = "ReadWriteOncePod"
        if given.contains(single), given.contains(where: { $0 != single && modes.contains($0) }) {
            errors.forbidden(place, "may not use ReadWriteOncePod with other access modes")
        }
        let size = spec["resources"]?["requests"]?["storage"]
        if size == nil {
            errors.required(path["resources"].key("storage"))
        } else if let size, let amount = Quantity(size.stringValue ?? ""), amount.thousandths <= 0 {
            errors.invalid(path["resources"].key("storage"), size, "must be greater than zero")
        }
        errors.checkGiven(spec["storageClassName"], NameRules.dnsSubdomain, path["storageClassName"])
        errors.option(spec["volumeMode"], ["Block", "Filesystem"], path["volumeMode"])
    }
}
