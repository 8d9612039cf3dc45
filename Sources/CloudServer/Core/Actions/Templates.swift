// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    // MARK: Health check templates

    func createHealthCheckTemplate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try resourceGroup(call)
        let tags = try tags(call.parameters)
        guard store.count(.healthCheckTemplate) < account.quotas.healthCheckTemplates else {
            throw CloudRefusal("QuotaExceeded.HealthCheckTemplatesNum", "The region has too many templates.")
        }
        let id = newID(.healthCheckTemplate)
        mainResource = id
        var check = call.parameters.without("Tag")
        check["HealthCheckEnabled"] = true
        var document = Self.shownHealthCheck(check).without("HealthCheckEnabled")
        document["HealthCheckTemplateId"] = .string(id)
        document["ResourceGroupId"] = .string(group)
        add(.healthCheckTemplate, id, status: "Available", tags: tags, document)
        return ["HealthCheckTemplateId": .string(id)]
    }

    func getHealthCheckTemplateAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try require(.healthCheckTemplate, call.text("HealthCheckTemplateId")).taggedRow.without("Status")
    }

    func updateHealthCheckTemplateAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let template = try require(.healthCheckTemplate, call.text("HealthCheckTemplateId"))
        store.update(.healthCheckTemplate, template.id) { template in
            template.document.merge(call.parameters)
            if let codes = call.parameters["HealthCheckCodes"] ?? call.parameters["HealthCheckHttpCodes"] {
                template.document["HealthCheckCodes"] = codes
                template.document["HealthCheckHttpCodes"] = codes
            }
        }
        return [:]
    }

    func deleteHealthCheckTemplates(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let ids = call.parameters.texts("HealthCheckTemplateIds")
        for id in ids { _ = try require(.healthCheckTemplate, id) }
        for id in ids { store.remove(.healthCheckTemplate, id) }
        return [:]
    }

    func listHealthCheckTemplates(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.healthCheckTemplate, call, ids: "HealthCheckTemplateIds").filter { row in
            row.matches(tags)
                && call.passes("HealthCheckTemplateNames", row.document.text("HealthCheckTemplateName"))
                && call.equals("ResourceGroupId", row.document.text("ResourceGroupId"))
        }
        return try page(call, rows, "HealthCheckTemplates") { $0.taggedRow.without("Status") }
    }

    // MARK: Scripts, which are stored and shown, and have no effect on traffic

    func createAScripts(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (listener, loadBalancer) = try requireListener(call.text("ListenerId"))
        let wanted = call.parameters.objects("AScripts")
        if wanted.isEmpty { throw .missing("AScripts") }
        var positions = Set(store.children(.aScript, of: listener.id).map { $0.document.text("Position") })
        for item in wanted where !positions.insert(item.optionalText("Position") ?? "RequestHead").inserted {
            throw CloudRefusal(
                "ResourceQuotaExceeded.AScriptsNum",
                "The listener has a script at that position."
            )
        }
        var steps: [Step] = []
        var ids: [JSONValue] = []
        for item in wanted {
            let id = newID(.aScript)
            var document = item
            document["AScriptId"] = .string(id)
            document["ListenerId"] = .string(listener.id)
            document["LoadBalancerId"] = .string(loadBalancer.id)
            if document["Position"] == nil { document["Position"] = "RequestHead" }
            if document["Enabled"] == nil { document["Enabled"] = false }
            if document["ExtAttributeEnabled"] == nil { document["ExtAttributeEnabled"] = false }
            add(.aScript, id, parent: listener.id, document)
            steps.append(Step(.create, .aScript, id))
            ids.append(["AScriptId": .string(id)])
        }
        var answer = begin(call, steps + [Step(.change, .listener, listener.id)])
        answer["AScriptIds"] = .array(ids)
        return answer
    }

    func updateAScripts(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let wanted = call.parameters.objects("AScripts")
        if wanted.isEmpty { throw .missing("AScripts") }
        for item in wanted { try check(try require(.aScript, item.text("AScriptId")), allows: .change) }
        for item in wanted {
            store.update(.aScript, item.text("AScriptId")) { $0.document.merge(item) }
        }
        return begin(call, wanted.map { Step(.change, .aScript, $0.text("AScriptId")) })
    }

    func deleteAScripts(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let ids = OrderedNames(call.parameters.texts("AScriptIds")).names
        var listeners = OrderedNames()
        for id in ids {
            guard let script = store[.aScript, id] else {
                throw CloudRefusal("ResourceNotFound.AScript", "The specified script does not exist.")
            }
            try check(script, allows: .delete)
            listeners.add(script.parent)
        }
        if listeners.names.count > 1 {
            throw .denied("CrossListenerAScripts", "The scripts are on several listeners.")
        }
        return begin(call, ids.map { Step(.delete, .aScript, $0) })
    }

    func listAScripts(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let rows = candidates(.aScript, call, ids: "AScriptIds").filter { row in
            call.passes("AScriptNames", row.document.text("AScriptName"))
                && call.passes("ListenerIds", row.parent)
        }
        return try page(call, rows, "AScripts", show: \.row)
    }
}
