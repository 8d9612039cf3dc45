// SPDX-License-Identifier: Apache-2.0
import JSON

/// The paths of the instance metadata service, which controllers ask for what they were not told.
///
/// - Source: the paths that the upstream controllers read; seen upstream.
enum MetadataPaths {
    /// The answer; nil for a path that is no metadata.
    static func answer(
        method: String,
        path: String,
        account: CloudAccount,
        expiry: String
    ) -> (status: Int, text: String)? {
        if path == "/latest/api/token" { return method == "PUT" ? (200, "albedo") : (405, "") }
        let prefix = "/latest/meta-data/"
        guard path.hasPrefix(prefix) else { return nil }
        let first = account.vSwitches.first
        switch path.dropFirst(prefix.count) {
        case "region-id": return (200, account.region)
        case "zone-id": return (200, first?.zone ?? "")
        case "vpc-id": return (200, account.vpcID)
        case "vswitch-id": return (200, first?.id ?? "")
        case "owner-account-id": return (200, account.id)
        case "ram/security-credentials/": return (200, role)
        case "ram/security-credentials/\(role)"[...]:
            let credentials: JSONValue = [
                "AccessKeyId": .string(account.accessKeys.first?.id ?? ""),
                "AccessKeySecret": .string(account.accessKeys.first?.secret ?? ""), "SecurityToken": "albedo",
                "Expiration": .string(expiry), "Code": "Success",
            ]
            return (200, credentials.text)
        default: return (404, "")
        }
    }

    private static let role = "albedo"
}
