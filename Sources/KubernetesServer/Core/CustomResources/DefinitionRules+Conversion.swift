// SPDX-License-Identifier: Apache-2.0
import JSON

extension DefinitionRules {
    private static let reviewVersions = ["v1", "v1beta1"]

    /// Checks how objects get from one version to another.
    static func checkConversion(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let conversion = spec["conversion"], !conversion.isNull else { return }
        let place = path["conversion"]
        errors.choice(conversion["strategy"], ["None", "Webhook"], place["strategy"])
        let client = conversion["webhook"]?["clientConfig"]
        let versions = conversion["webhook"]?["conversionReviewVersions"]?.arrayValue ?? []
        guard conversion["strategy"] == "Webhook" else {
            let words = "should not be set when strategy is not set to Webhook"
            if client != nil { errors.forbidden(place["webhookClientConfig"], words) }
            if !versions.isEmpty { errors.forbidden(place["conversionReviewVersions"], words) }
            return
        }
        checkClient(client, place["webhookClientConfig"], &errors)
        checkReviews(versions, place["conversionReviewVersions"], &errors)
        if errors.isEmpty, (spec["versions"]?.arrayValue ?? []).count > 1 {
            errors.invalid(
                place["strategy"],
                "Webhook",
                "conversion by webhook is not built here: several versions are served without conversion only"
            )
        }
    }

    private static func checkClient(_ client: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let client, !client.isNull else {
            return errors.required(path, "required when strategy is set to Webhook")
        }
        switch (client["url"]?.stringValue, client["service"]) {
        case (nil, nil), (_?, _?): errors.required(path, "exactly one of url or service is required")
        case (let url?, nil): checkURL(url, path["url"], &errors)
        case (nil, let service?):
            let place = path["service"]
            // Upstream mixes the two up, and so do the places here.
            if (service["name"]?.stringValue ?? "").isEmpty {
                errors.required(place["namespace"], "service namespace is required")
            }
            if (service["namespace"]?.stringValue ?? "").isEmpty {
                errors.required(place["name"], "service name is required")
            }
            let port = service["port"]?.intValue ?? 443
            for message in NameRules.portNumber(port) {
                errors.invalid(place["port"], .integer(Int64(port)), "port is not valid: \(message)")
            }
            if let text = service["path"]?.stringValue, !text.hasPrefix("/") {
                errors.invalid(place["path"], .string(text), "must start with a '/'")
            }
        }
    }

    private static func checkURL(_ url: String, _ path: FieldPath, _ errors: inout FieldErrors) {
        let form = "; desired format: https://host[/path]"
        let parts = url.firstRange(of: "://")
        let scheme = parts.map { String(url[..<$0.lowerBound]) } ?? ""
        if scheme != "https" {
            errors.invalid(path, .string(scheme), "'https' is the only allowed URL scheme\(form)")
        }
        let rest = parts.map { url[$0.upperBound...] } ?? ""
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if host.isEmpty { errors.invalid(path, "", "host must be specified\(form)") }
        if let at = authority.lastIndex(of: "@") {
            let user = String(authority[..<at])
            errors.invalid(path, .string(user), "user information is not permitted in the URL")
        }
        if let sign = rest.firstIndex(of: "#") {
            let fragment = String(rest[rest.index(after: sign)...])
            errors.invalid(path, .string(fragment), "fragments are not permitted in the URL")
        }
        let query = rest.prefix { $0 != "#" }
        if let sign = query.firstIndex(of: "?") {
            let text = String(query[query.index(after: sign)...])
            errors.invalid(path, .string(text), "query parameters are not permitted in the URL")
        }
    }

    private static func checkReviews(
        _ versions: [JSONValue],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if versions.isEmpty { return errors.required(path) }
        for (index, version) in versions.enumerated() {
            if versions[..<index].contains(version) {
                errors.invalid(path[index], version, "duplicate version")
            } else {
                errors.check(version.stringValue ?? "", NameRules.dnsLabel1035, path[index])
            }
        }
        if !versions.contains(where: { reviewVersions.contains($0.stringValue ?? "") }) {
            errors.invalid(
                path,
                .array(versions),
                "must include at least one of \(reviewVersions.joined(separator: ", "))"
            )
        }
    }

    // MARK: Groups of the Kubernetes project

    private enum Approval {
        case missing, bypassed, approved, invalid
    }

    private static let approvalAnnotation = "api-approved.kubernetes.io"

    private static func approval(_ object: ResourceObject) -> Approval {
        let text = object.metadata.annotations[approvalAnnotation]?.stringValue ?? ""
        if text.isEmpty { return .missing }
        if text.hasPrefix("unapproved") { return .bypassed }
        guard let sign = text.firstRange(of: "://"), sign.lowerBound > text.startIndex else {
            return .invalid
        }
        return text[sign.upperBound...].prefix { $0 != "/" }.isEmpty ? .invalid : .approved
    }

    /// A group of the Kubernetes project needs a note that somebody approved it.
    static func checkApproval(_ new: ResourceObject, old: ResourceObject?, _ errors: inout FieldErrors) {
        let group = new["spec", "group"]?.stringValue ?? ""
        let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix("." + $0) }
        let state = approval(new)
        if !isProtected || old.map(approval) == state { return }
        let path = FieldPath("metadata")["annotations"].key(approvalAnnotation)
        let words = "protected groups must have approval annotation \"\(approvalAnnotation)\""
        let source = "see https://github.com/kubernetes/enhancements/pull/1111"
        switch state {
        case .approved, .bypassed: break
        case .missing: errors.required(path, "\(words), \(source)")
        case .invalid:
            errors.invalid(
                path,
                new.metadata.annotations[approvalAnnotation] ?? "",
                "\(words) with either a URL or a reason starting with \"unapproved\", \(source)"
            )
        }
    }
}
