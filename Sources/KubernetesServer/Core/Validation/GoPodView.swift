// SPDX-License-Identifier: Apache-2.0
import JSON

/// A pod's spec as Go's own type has it, for the messages that show what an update changed.
///
/// - Source: the internal types of Kubernetes 1.36 (seen upstream, and in a real server's answers). Parts that are
///   not in the table have no view, and the message then says nothing of the change.
enum GoPodView {
    /// The fields of each type in Go's order.
    ///
    /// `Name`, or `Name=name` where JSON's name is not the same with a small letter; then how a missing one is shown:
    /// `""`, `0`, `false`, or `null` when nothing is said. `Type{}` is a part that is always shown, `[Type]` a list of
    /// parts, `Type` a part that may be missing, `?` one without a view.
    private static let table: [String: String] = [
        "PodSpec": #"""
        Volumes:[Volume] InitContainers:[Container] Containers:[Container]
        EphemeralContainers:[EphemeralContainer] RestartPolicy:"" TerminationGracePeriodSeconds
        ActiveDeadlineSeconds DNSPolicy=dnsPolicy:"" NodeSelector ServiceAccountName:""
        AutomountServiceAccountToken NodeName:"" SecurityContext:PodSecurityContext{}
        ImagePullSecrets:[LocalObjectReference] Hostname:"" Subdomain:"" SetHostnameAsFQDN Affinity:?
        SchedulerName:"" Tolerations:[Toleration] HostAliases:? PriorityClassName:"" Priority PreemptionPolicy
        DNSConfig=dnsConfig:? ReadinessGates:? RuntimeClassName Overhead EnableServiceLinks
        TopologySpreadConstraints:? OS=os:? SchedulingGates:[Gate] ResourceClaims:? Resources:?
        HostnameOverride SchedulingGroup:?
        """#,
        "PodSecurityContext": #"""
        HostNetwork:false HostPID=hostPID:false HostIPC=hostIPC:false ShareProcessNamespace HostUsers
        SELinuxOptions=seLinuxOptions:? WindowsOptions:? RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups
        SupplementalGroupsPolicy FSGroup=fsGroup FSGroupChangePolicy=fsGroupChangePolicy Sysctls:?
        SeccompProfile:? AppArmorProfile:? SELinuxChangePolicy=seLinuxChangePolicy
        """#,
        "Container": #"""
        Name:"" Image:"" Command Args WorkingDir:"" Ports:[Port] EnvFrom:? Env:[Variable]
        Resources:Resources{} ResizePolicy:? RestartPolicy RestartPolicyRules:? VolumeMounts:[Mount]
        VolumeDevices:? LivenessProbe:Probe ReadinessProbe:Probe StartupProbe:Probe Lifecycle:?
        TerminationMessagePath:"" TerminationMessagePolicy:"" ImagePullPolicy:"" SecurityContext:?
        Stdin:false StdinOnce:false TTY=tty:false
        """#,
        "Resources": "Limits Requests Claims:?",
        "Port": #"Name:"" HostPort:0 ContainerPort:0 Protocol:"" HostIP=hostIP:"""#,
        "Variable": #"Name:"" Value:"" ValueFrom:?"#,
        "Mount": #"""
        Name:"" ReadOnly:false RecursiveReadOnly MountPath:"" SubPath:"" MountPropagation SubPathExpr:""
        """#,
        "Probe": #"""
        Exec:Exec HTTPGet=httpGet:HTTPGet TCPSocket=tcpSocket:TCPSocket GRPC=grpc:? InitialDelaySeconds:0
        TimeoutSeconds:0 PeriodSeconds:0 SuccessThreshold:0 FailureThreshold:0 TerminationGracePeriodSeconds
        """#,
        "Exec": "Command", "TCPSocket": #"Port:0 Host:"""#,
        "HTTPGet": #"Path:"" Port:0 Host:"" Scheme:"" HTTPHeaders=httpHeaders:?"#,
        "Toleration": #"Key:"" Operator:"" Value:"" Effect:"" TolerationSeconds"#,
        "LocalObjectReference": #"Name:"""#, "Gate": #"Name:"""#,
    ]

    /// What changed between two specs, as `diff -U3` tells it; nil when a part has no view.
    static func difference(_ old: JSONValue, _ new: JSONValue) -> String? {
        guard let before = lines(of: old), let after = lines(of: new) else { return nil }
        return LineDifference.unified(before, after)
    }

    private static func lines(of spec: JSONValue) -> [String]? {
        var spec = spec
        // What is a field of the spec in JSON is one of its security context in Go.
        for field in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
            if let value = spec[field] { spec.set(["securityContext", field], value) }
        }
        guard let view = view(spec, "PodSpec") else { return nil }
        var lines: [String] = []
        write(view, depth: 0, prefix: "", suffix: "", &lines)
        return lines
    }

    private static func view(_ value: JSONValue, _ type: String) -> JSONValue? {
        guard let fields = table[type] else { return nil }
        var members: [JSONObject.Member] = []
        for field in fields.split(whereSeparator: \.isWhitespace) {
            let parts = field.split(separator: ":", maxSplits: 1)
            let names = parts[0].split(separator: "=").map(String.init)
            let name = names.count > 1 ? names[1] : names[0].prefix(1).lowercased() + names[0].dropFirst()
            guard let shown = part(value[name], parts.count > 1 ? String(parts[1]) : "null") else {
                return nil
            }
            members.append(.init(key: names[0], value: shown))
        }
        return .object(JSONObject(distinct: members))
    }

    private static func part(_ value: JSONValue?, _ kind: String) -> JSONValue? {
        switch kind {
        case "null": return value ?? .null
        case "\"\"": return value ?? ""
        case "0": return value ?? 0
        case "false": return value ?? false
        case "?": return value == nil ? .null : nil
        default: break
        }
        if kind.hasSuffix("{}") { return view(value ?? [:], String(kind.dropLast(2))) }
        guard let value else { return .null }
        guard kind.hasPrefix("[") else { return view(value, kind) }
        var items: [JSONValue] = []
        for item in value.arrayValue ?? [] {
            guard let shown = view(item, String(kind.dropFirst().dropLast())) else { return nil }
            items.append(shown)
        }
        return .array(items)
    }

    /// Writes a value with an indent of one blank.
    private static func write(
        _ value: JSONValue,
        depth: Int,
        prefix: String,
        suffix: String,
        _ lines: inout [String]
    ) {
        let indent = String(repeating: " ", count: depth)
        switch value {
        case .object(let object) where !object.isEmpty:
            lines.append("\(indent)\(prefix){")
            for (index, member) in object.members.enumerated() {
                write(
                    member.value,
                    depth: depth + 1,
                    prefix: "\(JSONValue.string(member.key).text): ",
                    suffix: index + 1 < object.count ? "," : "",
                    &lines
                )
            }
            lines.append("\(indent)}\(suffix)")
        case .array(let items) where !items.isEmpty:
            lines.append("\(indent)\(prefix)[")
            for (index, item) in items.enumerated() {
                let end = index + 1 < items.count ? "," : ""
                write(item, depth: depth + 1, prefix: "", suffix: end, &lines)
            }
            lines.append("\(indent)]\(suffix)")
        default: lines.append("\(indent)\(prefix)\(value.text)\(suffix)")
        }
    }
}
