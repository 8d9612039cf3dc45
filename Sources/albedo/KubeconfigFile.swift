// SPDX-License-Identifier: Apache-2.0
#if SERVING
import ArgumentParser
import Foundation
import JSON
import Ports
import Scenarios
import Serving

/// Reads the current context of a kubeconfig.
enum KubeconfigFile {
    /// The cluster of the current context, with its user's token.
    static func read(_ path: String) throws -> StandaloneController.Cluster {
        let file: JSONValue
        do {
            file = try ManifestFiles.value(ofFile: path)
        } catch {
            throw ValidationError("\(error)")
        }
        func wrong(_ text: String) -> ValidationError { ValidationError("\(path): \(text)") }
        func entry(_ list: String, _ name: String, _ member: String) -> JSONValue? {
            (file[list]?.arrayValue ?? []).first { $0["name"]?.stringValue == name }?[member]
        }
        guard let current = file["current-context"]?.stringValue, !current.isEmpty,
            let context = entry("contexts", current, "context")
        else { throw wrong("there is no current context") }
        guard let cluster = entry("clusters", context["cluster"]?.stringValue ?? "", "cluster"),
            let server = cluster["server"]?.stringValue, let endpoint = endpoint(server)
        else { throw wrong("the context \(current) names no cluster with a server") }
        let user = entry("users", context["user"]?.stringValue ?? "", "user")
        let token =
            try user?["token"]?.stringValue ?? user?["tokenFile"]?.stringValue.map { try text($0, path) }
        if token == nil, user?["client-certificate-data"] != nil || user?["client-certificate"] != nil {
            throw wrong("the user has a client certificate; only a token or tokenFile is understood")
        }
        return StandaloneController.Cluster(
            endpoint: endpoint,
            authorityPEM: try authority(cluster, path),
            believesAnybody: cluster["insecure-skip-tls-verify"]?.boolValue ?? false,
            token: token
        )
    }

    private static func authority(_ cluster: JSONValue, _ path: String) throws -> String? {
        if let data = cluster["certificate-authority-data"]?.stringValue {
            guard let bytes = Data(base64Encoded: data) else {
                throw ValidationError("\(path): certificate-authority-data is not base64")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return try cluster["certificate-authority"]?.stringValue.map { try text($0, path) }
    }

    /// The text of a file that a kubeconfig names, relative to it.
    private static func text(_ name: String, _ kubeconfig: String) throws -> String {
        let folder = URL(filePath: kubeconfig).deletingLastPathComponent().path()
        let path = name.hasPrefix("/") ? name : folder + name
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path): the file cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func endpoint(_ server: String) -> Endpoint? {
        guard let url = URL(string: server), let host = url.host() else { return nil }
        let isSecure = url.scheme == "https"
        return Endpoint(host: host, port: url.port ?? (isSecure ? 443 : 80), isSecure: isSecure)
    }
}
#endif
