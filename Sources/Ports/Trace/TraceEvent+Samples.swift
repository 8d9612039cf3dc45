// SPDX-License-Identifier: Apache-2.0

extension TraceEvent {
    /// One empty record of each kind, in the order of the cases: for whoever must know all kinds and their
    /// columns before the first entry comes.
    public static let samples: [TraceEvent] = [
        .object(
            ObjectRevision(verb: "", resource: "", namespace: "", name: "", revision: 0, bodyDigest: 0)
        ),
        .apiCall(APICall(client: "", verb: "", path: "", status: 0, reason: "", duration: .zero)),
        .cloudCall(
            CloudCall(
                client: "",
                product: "",
                action: "",
                resource: "",
                status: 0,
                code: "",
                requestID: "",
                duration: .zero
            )
        ),
        .reconcile(
            Reconcile(controller: "", key: "", outcome: "", message: "", writes: 0, duration: .zero)
        ),
        .configuration(ConfigurationPush(loadBalancer: "", zone: "", version: 0, cause: "")),
        .health(HealthChange(serverGroup: "", server: "", zone: "", state: "", reason: "")),
        .pod(PodStage(namespace: "", name: "", node: "", ip: "", stage: "", reason: "")),
        .connection(
            ConnectionRecord(
                id: 0,
                traffic: "",
                client: "",
                server: "",
                transport: "",
                version: "",
                serverName: "",
                certificate: "",
                outcome: "",
                duration: .zero
            )
        ),
        .request(
            RequestRecord(
                traffic: "",
                connection: 0,
                exchange: 0,
                method: "",
                host: "",
                path: "",
                status: 0,
                outcome: "",
                servedBy: "",
                certificate: "",
                latency: .zero
            )
        ),
        .proxied(
            ProxiedRequest(
                connection: 0,
                exchange: 0,
                loadBalancer: "",
                zone: "",
                listener: "",
                version: 0,
                rule: "",
                action: "",
                serverGroup: "",
                server: "",
                status: 0,
                upstreamStatus: 0,
                reason: "",
                upstreamLatency: .zero
            )
        ),
        .step(StepRecord(number: 0, verb: "", detail: "")),
        .note(Note(topic: "", message: "")), .accessLog(AccessLogLine()),
        .stream(
            StreamRecord(
                traffic: "",
                connection: 0,
                exchange: 0,
                kind: "",
                host: "",
                path: "",
                servedBy: "",
                stage: ""
            )
        ),
    ]
}
