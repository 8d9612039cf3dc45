// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// The tags in a call's `Tag.N`, checked.
    ///
    /// - Source: the limits on keys and values; documented.
    func tags(_ parameters: JSONObject) throws(CloudRefusal) -> [Tag] {
        var tags: [Tag] = []
        for item in parameters.objects("Tag") {
            let key = item.text("Key")
            try check(tagKey: key)
            if tags.contains(where: { $0.key == key }) { throw .illegal("Tag", "A tag key is given twice.") }
            tags.append(Tag(key: key, value: item.text("Value")))
        }
        guard tags.count <= account.quotas.tagsPerResource else {
            throw CloudRefusal("QuotaExceeded.TagsNum", "The resource would have too many tags.")
        }
        return tags
    }

    private func check(tagKey key: String) throws(CloudRefusal) {
        if !Self.isTagKey(key) { throw .illegal("TagKey", "A tag key is empty or uses reserved words.") }
    }

    /// True for a key that tags may have.
    static func isTagKey(_ key: String) -> Bool {
        let lower = key.lowercased()
        return (1...128).contains(key.unicodeScalars.count) && !lower.hasPrefix("aliyun")
            && !lower.hasPrefix("acs:") && !lower.contains("http://") && !lower.contains("https://")
    }

    /// The resources that a tag call names, all of them or a refusal.
    private func taggable(_ call: Call) throws(CloudRefusal) -> [Resource] {
        guard let kind = ResourceKind(rawValue: call.text("ResourceType")) else {
            throw .illegal("ResourceType")
        }
        var found: [Resource] = []
        for id in call.parameters.texts("ResourceId") { found.append(try require(kind, id)) }
        return found
    }

    func tagResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let new = try tags(call.parameters)
        for resource in try taggable(call) { try put(new, on: resource) }
        return [:]
    }

    /// Puts tags on a resource; those with a key that is there change its value.
    func put(_ new: [Tag], on resource: Resource) throws(CloudRefusal) {
        var merged = resource.tags
        for tag in new {
            if let place = merged.firstIndex(where: { $0.key == tag.key }) {
                merged[place] = tag
            } else {
                merged.append(tag)
            }
        }
        guard merged.count <= account.quotas.tagsPerResource else {
            throw CloudRefusal("QuotaExceeded.TagsNum", "The resource would have too many tags.")
        }
        store.update(resource.kind, resource.id) { $0.tags = merged }
    }

    /// Takes tags off, by key or by pair: the ingress controller names pairs.
    func untagResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let keys = call.parameters.texts("TagKey")
        let pairs = call.tagFilters
        let takesAll = keys.isEmpty && pairs.isEmpty && call.parameters.flag("All")
        guard takesAll || !keys.isEmpty || !pairs.isEmpty else { throw .missing("TagKey") }
        for resource in try taggable(call) {
            store.update(resource.kind, resource.id) { resource in
                resource.tags.removeAll { tag in
                    takesAll || keys.contains(tag.key)
                        || pairs.contains { $0.key == tag.key && ($0.value == nil || $0.value == tag.value) }
                }
            }
        }
        return [:]
    }

    func listTagResources(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let kind = ResourceKind(rawValue: call.text("ResourceType")) else {
            throw .illegal("ResourceType")
        }
        let filters = call.tagFilters
        if call.parameters["ResourceId"] == nil, filters.isEmpty { throw .missing("ResourceId") }
        var rows: [JSONObject] = []
        for resource in candidates(kind, call, ids: "ResourceId") where resource.matches(filters) {
            for tag in resource.tags {
                rows.append([
                    "ResourceId": .string(resource.id), "ResourceType": .string(kind.rawValue),
                    "TagKey": .string(tag.key),
                    "TagValue": .string(tag.value),
                ])
            }
        }
        return try page(call, objects: rows, "TagResources")
    }

    func listTagKeys(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let kind = ResourceKind(rawValue: call.text("ResourceType")) else {
            throw .illegal("ResourceType")
        }
        let keyword = call.text("Keyword")
        var keys = OrderedNames()
        if call.text("Category") != "System" {
            for resource in store.all(kind) {
                for tag in resource.tags where keyword.isEmpty || tag.key.contains(keyword) {
                    keys.add(tag.key)
                }
            }
        }
        return try page(
            call,
            objects: keys.names.map { ["Category": "Custom", "TagKey": .string($0)] },
            "TagKeys"
        )
    }

    func listTagValues(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let kind = ResourceKind(rawValue: call.text("ResourceType"))
        let id = call.optionalText("ResourceId")
        var values = OrderedNames()
        for candidate in kind.map({ [$0] }) ?? [.loadBalancer, .serverGroup, .acl, .securityPolicy] {
            for resource in store.all(candidate) where id == nil || id == resource.id {
                for tag in resource.tags where tag.key == call.text("TagKey") { values.add(tag.value) }
            }
        }
        var answer = try page(call, objects: values.names.map { ["Value": .string($0)] }, "TagValues")
        answer["TagValues"] = .array(answer.objects("TagValues").compactMap { $0["Value"] })
        return answer
    }

    func moveResourceGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let kind = ResourceKind(rawValue: call.text("ResourceType")) else {
            throw .illegal("ResourceType")
        }
        let resource = try require(kind, call.text("ResourceId"))
        let group = call.text("NewResourceGroupId")
        guard account.resourceGroups.contains(group) else {
            throw CloudRefusal("NotExist.ResourceGroup", "The specified resource group does not exist.")
        }
        store.update(kind, resource.id) { $0.document["ResourceGroupId"] = .string(group) }
        return [:]
    }
}
