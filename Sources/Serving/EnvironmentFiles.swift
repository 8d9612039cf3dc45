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
        identity: ServerIdentity
    ) throws(ServeFailure) {
        try SmallFile.write(Self.kubeconfig(endpoints, identity: identity), to: kubeconfig)
        let document = Self.document(endpoints, account: account, authorityPEM: identity.authorityPEM)
        try SmallFile.write(document.prettyText + "\n", to: self.endpoints)
    }

    /// Whoever has the file is the administrator, by certificate as kubeadm has it, and by token: that stays good when
    /// a server with the same state starts again.
    static func kubeconfig(_ endpoints: Environment.Endpoints, identity: ServerIdentity) -> String {
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        return """
            apiVersion: v1
            kind: Config
            current-context: albedo
            clusters:
            - name: albedo
              cluster:
                server: https://\(endpoints.kubernetes)
                certificate-authority-data: \(base64(identity.authorityPEM))
            users:
            - name: albedo-admin
              user:
                client-certificate-data: \(base64(identity.administrator.certificatePEM))
                client-key-data: \(base64(identity.administrator.privateKeyPEM))
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
        try SmallFile.write(fresh, to: file)
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
