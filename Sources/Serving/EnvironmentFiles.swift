// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudServer
import FoundationEssentials
import JSON
import Ports

/// The files that tell others how to reach the environment; they are there only while it is ready.
struct EnvironmentFiles: Sendable {
    private let directory: String

    init(directory: String) {
        self.directory = directory
    }

    private var kubeconfig: String { "\(directory)/kubeconfig" }
    private var endpoints: String { "\(directory)/endpoints.json" }

    /// Makes the folder, and removes what an earlier run has left, so that nobody takes it for this one's.
    func clear() throws(ServeFailure) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for file in [endpoints, kubeconfig] where FileManager.default.fileExists(atPath: file) {
                try FileManager.default.removeItem(atPath: file)
            }
        } catch {
            throw ServeFailure("cannot use the folder \(directory): \(error)")
        }
    }

    /// Writes both files, `endpoints.json` last.
    func write(
        _ endpoints: Environment.Endpoints,
        account: CloudAccount,
        authorityPEM: String
    ) throws(ServeFailure) {
        try write(Self.kubeconfig(endpoints, authorityPEM: authorityPEM), to: kubeconfig)
        let document = Self.document(endpoints, account: account, authorityPEM: authorityPEM)
        try write(document.prettyText + "\n", to: self.endpoints)
    }

    private func write(_ text: String, to path: String) throws(ServeFailure) {
        do {
            let draft = path + ".new"
            try Data(text.utf8).write(to: URL(filePath: draft))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: draft)
            _ = try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: draft, toPath: path)
        } catch {
            throw ServeFailure("cannot write \(path): \(error)")
        }
    }

    static func kubeconfig(_ endpoints: Environment.Endpoints, authorityPEM: String) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: albedo
        clusters:
        - name: albedo
          cluster:
            server: https://\(endpoints.kubernetes)
            certificate-authority-data: \(Data(authorityPEM.utf8).base64EncodedString())
        users:
        - name: albedo-admin
          user:
            token: "\(endpoints.token)"
        contexts:
        - name: albedo
          context:
            cluster: albedo
            user: albedo-admin
            namespace: default

        """
    }

    static func document(
        _ endpoints: Environment.Endpoints,
        account: CloudAccount,
        authorityPEM: String
    ) -> JSONValue {
        [
            "kubernetes": [
                "url": .string("https://\(endpoints.kubernetes)"), "token": .string(endpoints.token),
                "certificateAuthority": .string(authorityPEM),
            ],
            "cloud": [
                "url": .string("http://\(endpoints.cloud)"),
                "accessKeyId": .string(account.accessKeys.first?.id ?? ""),
                "accessKeySecret": .string(account.accessKeys.first?.secret ?? ""),
                "region": .string(account.region), "vpcId": .string(account.vpcID),
                "vSwitches": .array(
                    account.vSwitches.map { ["id": .string($0.id), "zoneId": .string($0.zone)] }
                ),
            ],
            "control": ["url": .string("http://\(endpoints.control)")],
        ]
    }
}

/// What `--state FILE` keeps: the API server's objects in FILE, the account beside it, and the token.
struct StateFiles: Sendable {
    let path: String

    /// The token of an earlier start, or a fresh one.
    func token() throws(ServeFailure) -> String {
        let file = "\(path).token"
        if let known = try? String(contentsOf: URL(filePath: file), encoding: .utf8), !known.isEmpty {
            return known
        }
        let fresh = Environment.freshToken()
        do {
            try Data(fresh.utf8).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        } catch {
            throw ServeFailure("cannot write \(file): \(error)")
        }
        return fresh
    }

    /// Removes the databases; the token stays, so that callers still get in.
    func remove() {
        for name in [path, "\(path).cloud"] {
            for end in ["", "-wal", "-shm", "-journal"] {
                // What is not there need not be removed.
                try? FileManager.default.removeItem(atPath: name + end)
            }
        }
    }
}
