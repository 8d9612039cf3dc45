// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    func listAsynJobs(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let (begin, end) = (call.parameters.number("BeginTime"), call.parameters.number("EndTime"))
        var jobs = candidates(.job, call, ids: "JobIds")
        if call.parameters["JobIds"] == nil, call.parameters["ResourceIds"] != nil {
            jobs = call.parameters.texts("ResourceIds").flatMap { store.children(.job, of: $0) }
                .sorted { $0.serial < $1.serial }
        }
        let rows = jobs.filter { job in
            let time = job.document.number("CreateTime") ?? 0
            return call.passes("ResourceIds", job.document.text("ResourceId"))
                && call.equals("ApiName", job.document.text("ApiName"))
                && call.equals("ResourceType", job.document.text("ResourceType")) && time >= begin ?? .min
                && time <= end ?? .max
        }
        return try page(call, rows, "Jobs", show: \.row)
    }

    func describeRegions(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let region = account.region
        return [
            "Regions": [
                [
                    "RegionId": .string(region), "LocalName": .string(region),
                    "RegionEndpoint": .string(call.action.service.hostName(region: region)),
                ]
            ]
        ]
    }

    func describeZones(_ call: Call) throws(CloudRefusal) -> JSONObject {
        ["Zones": .array(account.zones.map { ["ZoneId": .string($0), "LocalName": .string($0)] })]
    }
}
