// SPDX-License-Identifier: Apache-2.0
import JSON

/// How the containers of a pod look names up.
///
/// - Source: `validatePodDNSConfig` of Kubernetes 1.36 (seen upstream).
enum ResolverRules {
    static func check(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let config = spec["dnsConfig"]
        let servers = config?["nameservers"]?.arrayValue ?? []
        if spec["dnsPolicy"] == "None" {
            if config == nil {
                return errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            }
            if servers.isEmpty {
                return errors.required(
                    path["nameservers"],
                    "must provide at least one DNS nameserver when `dnsPolicy` is None"
                )
            }
        }
        if servers.count > 3 {
            errors.invalid(path["nameservers"], .array(servers), "must not have more than 3 nameservers")
        }
        for (index, server) in servers.enumerated() {
            _ = errors.checkIP(server.stringValue ?? "", path["nameservers"][index])
        }
        checkSearches(config?["searches"]?.arrayValue ?? [], path["searches"], &errors)
        for (index, option) in (config?["options"]?.arrayValue ?? []).enumerated()
        where (option["name"]?.stringValue ?? "").isEmpty {
            errors.required(path["options"][index], "must not be empty")
        }
    }

    private static func checkSearches(
        _ searches: [JSONValue],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if searches.count > 32 {
            errors.invalid(path, .array(searches), "must not have more than 32 search paths")
        }
        let texts = searches.map { $0.stringValue ?? "" }
        if texts.joined(separator: " ").utf8.count > 2048 {
            let message = "must not have more than 2048 characters (including spaces) in the search list"
            errors.invalid(path, .array(searches), message)
        }
        for (index, text) in texts.enumerated() where text != "." {
            errors.check(
                text.hasSuffix(".") ? String(text.dropLast()) : text,
                NameRules.dnsSubdomainWithUnderscore,
                path[index]
            )
        }
    }
}
