// SPDX-License-Identifier: Apache-2.0
import JSON

/// The volumes of a pod.
///
/// - Source: `ValidateVolumes` of Kubernetes 1.36 (seen upstream). Of the volumes of storage systems only the
///   fields that they need are looked at (assumed enough).
enum VolumeRules {
    /// The kinds in the real server's order.
    private static let kinds = [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs",
        "iscsi",
        "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI",
        "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk",
        "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
    ]

    /// What the real server calls some of them in its messages: as one too many, and in their parts.
    private static let spellings: [String: (extra: String, part: String)] = [
        "cephfs": ("cephFS", "cephfs"), "downwardAPI": ("downwarAPI", "downwardAPI"),
        "gcePersistentDisk": ("gcePersistentDisk", "persistentDisk"),
    ]

    /// The texts that a kind needs.
    private static let needed: [String: [String]] = [
        "gitRepo": ["repository"], "gcePersistentDisk": ["pdName"], "awsElasticBlockStore": ["volumeID"],
        "iscsi": ["targetPortal", "iqn"], "glusterfs": ["endpoints", "path"], "cinder": ["volumeID"],
        "persistentVolumeClaim": ["claimName"], "quobyte": ["registry", "volume"], "flexVolume": ["driver"],
        "azureFile": ["secretName", "shareName"], "vsphereVolume": ["volumePath"],
        "photonPersistentDisk": ["pdID"], "portworxVolume": ["volumeID"],
        "azureDisk": ["diskName", "diskURI"], "scaleIO": ["gateway", "system", "volumeName"],
        "csi": ["driver"], "secret": ["secretName"], "configMap": ["name"], "rbd": ["image"],
        "nfs": ["server", "path"],
    ]

    /// Checks the volumes; gives those that are in order.
    static func check(
        _ volumes: [JSONValue],
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) -> PodVolumes {
        var known = PodVolumes()
        for (index, volume) in volumes.enumerated() {
            let place = path[index]
            let name = volume["name"]?.stringValue ?? ""
            let before = errors.causes.count
            checkSource(volume, isPod: isPod, place, &errors)
            if name.isEmpty {
                errors.required(place["name"])
            } else {
                errors.check(name, NameRules.dnsLabel, place["name"])
            }
            if known.contains(name) { errors.duplicate(place["name"], .string(name)) }
            if errors.causes.count == before { known.add(name, volume) }
        }
        return known
    }

    private static func checkSource(
        _ volume: JSONValue,
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if (volume.objectValue ?? [:]).count == 2, let amount = volume["emptyDir"], amount == [:] { return }
        var isFirst = true
        for kind in kinds {
            guard let source = volume[kind] else { continue }
            let spelling = spellings[kind] ?? (kind, kind)
            if isFirst {
                checkParts(source, kind, isPod: isPod, path[spelling.part], &errors)
            } else {
                errors.forbidden(path[spelling.extra], "may not specify more than 1 volume type")
            }
            isFirst = false
        }
        if isFirst { errors.required(path, "must specify a volume type") }
    }

    private static func checkParts(
        _ source: JSONValue,
        _ kind: String,
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if kind == "rbd" || kind == "cephfs", (source["monitors"]?.arrayValue ?? []).isEmpty {
            errors.required(path["monitors"])
        }
        for field in needed[kind] ?? [] { errors.needs(source[field], path[field]) }
        switch kind {
        case "emptyDir":
            if let amount = Quantity(source["sizeLimit"]?.stringValue ?? "0"), amount.thousandths < 0 {
                let message = "SizeLimit field must be a valid resource quantity"
                errors.forbidden(path["sizeLimit"], message)
            }
        case "hostPath": checkHostPath(source, path, &errors)
        case "secret", "configMap": checkFiles(source, path, &errors)
        case "nfs":
            let place = source["path"]?.stringValue ?? ""
            if !place.hasPrefix("/") {
                errors.invalid(path["path"], .string(place), "must be an absolute path")
            }
        case "gitRepo": errors.checkDescending(source["directory"]?.stringValue ?? "", path["directory"])
        case "downwardAPI":
            errors.checkMode(source["defaultMode"], path["defaultMode"])
            // The real server names the volume for each of its files.
            for file in source["items"]?.arrayValue ?? [] { checkFieldFile(file, path, &errors) }
        case "projected": ProjectionRules.check(source, path, &errors)
        case "ephemeral": checkEphemeral(source, path, &errors)
        case "image":
            if isPod { errors.needs(source["reference"], path["reference"]) }
            errors.choice(
                source["pullPolicy"],
                ["Always", "IfNotPresent", "Never"],
                path["pullPolicy"]
            )
        default: break
        }
    }

    private static func checkHostPath(_ source: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let place = source["path"]?.stringValue ?? ""
        if place.isEmpty { return errors.required(path["path"]) }
        errors.checkNoBacksteps(place, path["path"])
        let types = [
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
            "Socket",
        ]
        errors.option(source["type"], types, path["type"])
    }

    private static func checkFiles(_ source: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.checkMode(source["defaultMode"], path["defaultMode"])
        for (index, item) in (source["items"]?.arrayValue ?? []).enumerated() {
            checkKeyFile(item, path["items"][index], &errors)
        }
    }

    /// Checks one key of a Secret or ConfigMap that becomes a file.
    static func checkKeyFile(_ item: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.needs(item["key"], path["key"])
        errors.needs(item["path"], path["path"])
        errors.checkFilePath(item["path"]?.stringValue ?? "", path["path"])
        errors.checkMode(item["mode"], path["mode"])
    }

    /// Checks one field of the pod that becomes a file.
    static func checkFieldFile(_ file: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.needs(file["path"], path["path"])
        errors.checkFilePath(file["path"]?.stringValue ?? "", path["path"])
        if let field = file["fieldRef"] {
            EnvironmentRules.checkField(field, EnvironmentRules.volumeFields, path["fieldRef"], &errors)
            if file["resourceFieldRef"] != nil {
                errors.invalid(
                    path,
                    "resource",
                    "fieldRef and resourceFieldRef can not be specified simultaneously"
                )
            }
        } else if let resource = file["resourceFieldRef"] {
            EnvironmentRules.checkResource(resource, isVolume: true, path["resourceFieldRef"], &errors)
        } else {
            errors.required(path, "one of fieldRef and resourceFieldRef is required")
        }
        errors.checkMode(file["mode"], path["mode"])
    }

    private static func checkEphemeral(_ source: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let template = source["volumeClaimTemplate"] else {
            return errors.required(path["volumeClaimTemplate"])
        }
        let place = path["volumeClaimTemplate"]
        MetadataValidation.checkAnnotations(
            template["metadata"]?["annotations"]?.objectValue ?? [:],
            place["metadata"]["annotations"],
            &errors
        )
        MetadataValidation.checkLabels(
            template["metadata"]?["labels"]?.objectValue ?? [:],
            place["metadata"]["labels"],
            &errors
        )
        ClaimRules.check(template["spec"] ?? [:], place["spec"], &errors)
    }
}
