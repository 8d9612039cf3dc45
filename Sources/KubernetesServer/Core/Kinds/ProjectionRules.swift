// SPDX-License-Identifier: Apache-2.0
import JSON

/// Volumes that project several sources into one folder.
///
/// - Source: `validateProjectionSources` of Kubernetes 1.36 (seen upstream); trust bundles and certificates of pods
///   are not looked into.
enum ProjectionRules {
    static func check(_ source: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.checkMode(source["defaultMode"], path["defaultMode"])
        var files: [String] = []
        for (index, part) in (source["sources"]?.arrayValue ?? []).enumerated() {
            let place = path["sources"][index]
            for kind in ["secret", "configMap"] {
                guard let keys = part[kind] else { continue }
                checkKeys(keys, place[kind], path, &files, &errors)
            }
            for file in part["downwardAPI"]?["items"]?.arrayValue ?? [] {
                VolumeRules.checkFieldFile(file, place["downwardAPI"], &errors)
                let name = file["path"]?.stringValue ?? ""
                add(name, .string(name), path, &files, &errors)
            }
            if let token = part["serviceAccountToken"] {
                checkToken(token, place["serviceAccountToken"], path, &errors)
            }
            if (part.objectValue ?? [:]).count > 1 {
                errors.forbidden(place, "may not specify more than 1 volume type per source")
            }
        }
    }

    private static func checkKeys(
        _ keys: JSONValue,
        _ place: FieldPath,
        _ volume: FieldPath,
        _ files: inout [String],
        _ errors: inout FieldErrors
    ) {
        errors.needs(keys["name"], place["name"])
        for (index, item) in (keys["items"]?.arrayValue ?? []).enumerated() {
            VolumeRules.checkKeyFile(item, place["items"][index], &errors)
            add(item["path"]?.stringValue ?? "", keys["name"] ?? "", volume, &files, &errors)
        }
    }

    private static func add(
        _ file: String,
        _ shown: JSONValue,
        _ path: FieldPath,
        _ files: inout [String],
        _ errors: inout FieldErrors
    ) {
        if file.isEmpty { return }
        if files.contains(file) { return errors.invalid(path, shown, "conflicting duplicate paths") }
        files.append(file)
    }

    private static func checkToken(
        _ token: JSONValue,
        _ place: FieldPath,
        _ volume: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let seconds = token["expirationSeconds"]?.intValue ?? 0
        let shown = JSONValue.integer(Int64(seconds))
        if seconds < 600 {
            let message = "may not specify a duration less than 10 minutes"
            errors.invalid(place["expirationSeconds"], shown, message)
        }
        if seconds > 1 << 32 {
            let message = "may not specify a duration larger than 2^32 seconds"
            errors.invalid(place["expirationSeconds"], shown, message)
        }
        let file = token["path"]?.stringValue ?? ""
        if file.isEmpty { return errors.required(volume["path"]) }
        errors.checkFilePath(file, volume["path"])
    }
}
