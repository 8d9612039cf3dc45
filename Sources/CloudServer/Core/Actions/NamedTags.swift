// SPDX-License-Identifier: Apache-2.0
import JSON

/// The tag service, which names resources of all products by their full names.
extension AccountState {
    /// A full name: `arn:acs:alb:<region>:<account>:<kind>/<id>`.
    private func resource(named name: String) throws(CloudRefusal) -> Resource? {
        let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "acs", !parts[2].isEmpty else {
            throw CloudRefusal("InvalidResourceARN.FormatError", "A resource's full name is not valid.")
        }
        guard parts[3] == account.region || parts[3] == "*" || parts[3].isEmpty else {
            throw CloudRefusal("InvalidResourceARN.Region", "A resource's full name has another region.")
        }
        guard parts[4] == account.id || parts[4] == "*" else {
            throw CloudRefusal("InvalidResourceARN.Account", "A resource's full name has another account.")
        }
        let halves = parts[5].split(separator: "/", maxSplits: 1)
        guard halves.count == 2 else {
            throw CloudRefusal("InvalidResourceARN.FormatError", "A resource's full name is not valid.")
        }
        guard parts[2] == "alb", let kind = ResourceKind(rawValue: halves[0].lowercased()) else { return nil }
        return store[kind, String(halves[1])]
    }

    private func fullName(_ resource: Resource) -> String {
        "arn:acs:alb:\(account.region):\(account.id):\(resource.kind.rawValue)/\(resource.id)"
    }

    /// The pairs in a parameter that is an object as text.
    private func pairs(_ call: Call) throws(CloudRefusal) -> [Tag] {
        guard let text = call.optionalText("Tags") else { return [] }
        guard let object = (try? JSONValue(parsing: text))?.objectValue else {
            throw CloudRefusal("InvalidParameter.Tags", "The tags are not an object in JSON.")
        }
        var tags: [Tag] = []
        for member in object.members {
            guard let value = member.value.stringValue, value.count <= 128 else {
                throw CloudRefusal("InvalidParameter.TagValue", "A tag's value is not valid.")
            }
            guard Self.isTagKey(member.key) else {
                throw CloudRefusal("InvalidParameter.TagKey", "A tag's key is not valid.")
            }
            tags.append(Tag(key: member.key, value: value))
        }
        return tags
    }

    /// Does something to each resource that a call names; those that do not exist are told in the answer.
    private func forEach(
        _ call: Call,
        _ body: (Resource) throws(CloudRefusal) -> Void
    ) throws(CloudRefusal) -> JSONObject {
        var failed: [JSONValue] = []
        for name in call.parameters.texts("ResourceARN") {
            guard let resource = try resource(named: name) else {
                failed.append([
                    "ResourceARN": .string(name),
                    "Result": [
                        "Code": "InvalidResourceId.NotFound", "Message": "There is no such resource.",
                    ],
                ])
                continue
            }
            mainResource = resource.id
            try body(resource)
        }
        return ["FailedResources": ["FailedResource": .array(failed)]]
    }

    func tagNamedResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let new = try pairs(call)
        if new.isEmpty { throw CloudRefusal("MissingParameter.TagKey", "No tag is given.", status: 404) }
        return try forEach(call) { resource throws(CloudRefusal) in try put(new, on: resource) }
    }

    func untagNamedResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let keys = call.parameters.texts("TagKey")
        return try forEach(call) { resource throws(CloudRefusal) in
            store.update(resource.kind, resource.id) { $0.tags.removeAll { keys.contains($0.key) } }
        }
    }

    func listNamedTagResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let filters = try pairs(call).map { (key: $0.key, value: $0.value.isEmpty ? nil : $0.value) }
        var found: [Resource] = []
        if call.parameters["ResourceARN"] != nil {
            for name in call.parameters.texts("ResourceARN") {
                if let resource = try resource(named: name) { found.append(resource) }
            }
        } else {
            found = [ResourceKind.loadBalancer, .serverGroup, .acl, .securityPolicy].flatMap(store.all)
                .filter { !$0.tags.isEmpty }
        }
        let rows = found.filter { $0.matches(filters) }.sorted { $0.serial < $1.serial }
        var paged = call
        paged.parameters["MaxResults"] = call.parameters["PageSize"] ?? 50
        let answer = try page(paged, rows, "TagResources") { resource in
            [
                "ResourceARN": .string(fullName(resource)),
                "Tags": .array(
                    resource.tags.map {
                        ["Key": .string($0.key), "Value": .string($0.value), "Category": "Custom"]
                    }
                ),
            ]
        }
        return answer.without("TotalCount", "MaxResults")
    }
}
