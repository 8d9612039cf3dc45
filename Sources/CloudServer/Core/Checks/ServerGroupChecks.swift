// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a server group may hold by itself.
///
/// - Source: the field rules of the API description; documented.
enum ServerGroupChecks {
    static func check(_ document: JSONObject) throws(CloudRefusal) {
        let scheduler = document.text("Scheduler")
        if document.object("SlowStartConfig").flag("SlowStartEnabled"), scheduler != "Wrr" {
            throw CloudRefusal(
                "Mismatch.ServerGroupSchedulerAndSlowStartEnable",
                "Slow start needs weighted round robin."
            )
        }
        let hash = document.object("UchConfig")
        if scheduler == "Uch" || !hash.isEmpty {
            for key in ["Type", "Value"] where hash.text(key).isEmpty { throw .missing("UchConfig.\(key)") }
        }
        let sticky = document.object("StickySessionConfig")
        if sticky.flag("StickySessionEnabled"), sticky.text("StickySessionType") == "Server",
            sticky.text("Cookie").isEmpty
        {
            throw .missing("Cookie")
        }
        try check(codes: document.object("HealthCheckConfig"))
    }

    private static func check(codes config: JSONObject) throws(CloudRefusal) {
        let isGRPC = config.text("HealthCheckProtocol") == "gRPC"
        let usual: Set<String> = ["http_2xx", "http_3xx", "http_4xx", "http_5xx"]
        for code in config.texts("HealthCheckCodes") {
            let isGood = isGRPC ? Self.isGRPCCode(code) : usual.contains(code)
            if !isGood { throw .illegal("HealthCheckCodes") }
        }
    }

    /// A number from 0 to 99 or a range of them; several may be in one text.
    private static func isGRPCCode(_ text: String) -> Bool {
        text.split(separator: ",").allSatisfy { part in
            let bounds = part.split(separator: "-").map { Int($0) }
            return (1...2).contains(bounds.count)
                && bounds.allSatisfy { $0.map { (0...99).contains($0) } ?? false }
        }
    }
}
