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
        for member in ["exec", "auth-provider", "username", "as"] where user?[member] != nil {
            throw wrong(
                "the user has \(member), which is not understood: a token, a tokenFile or a client certificate is"
            )
        }
        var found = StandaloneController.Cluster(
            endpoint: endpoint,
            authorityPEM: try pem("certificate-authority", of: cluster, path),
            believesAnybody: cluster["insecure-skip-tls-verify"]?.boolValue ?? false,
            token: token
        )
        if let user { try showCertificate(of: user, path, &found) }
        return found
    }

    /// Sets the client certificate of a user that has one.
    private static func showCertificate(
        of user: JSONValue,
        _ path: String,
        _ cluster: inout StandaloneController.Cluster
    ) throws {
        let certificate = try pem("client-certificate", of: user, path)
        let key = try pem("client-key", of: user, path)
        if certificate == nil, key == nil { return }
        guard let certificate, let key else {
            let missing = certificate == nil ? "client-certificate" : "client-key"
            throw ValidationError("\(path): the user lacks \(missing) or \(missing)-data")
        }
        do {
            try cluster.show(certificatesPEM: certificate, privateKeyPEM: key)
        } catch {
            throw ValidationError("\(path): \(error)")
        }
    }

    /// What `NAME-data` holds in base64, or the file that `NAME` names.
    private static func pem(_ name: String, of entry: JSONValue, _ path: String) throws -> String? {
        if let data = entry["\(name)-data"]?.stringValue, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data) else {
                throw ValidationError("\(path): \(name)-data is not base64")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return try entry[name]?.stringValue.flatMap { $0.isEmpty ? nil : try text($0, path) }
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
