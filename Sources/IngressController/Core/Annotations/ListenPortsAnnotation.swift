// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Reads `listen-ports`: `[{"HTTP": 80}, {"HTTPS": 443}]`.
enum ListenPortsAnnotation {
    /// The ports in the order in which they are written, each once.
    static func parse(_ text: String) throws(BuildError) -> [ListenerPort] {
        guard let items = (try? JSONValue(parsing: text))?.arrayValue, !items.isEmpty else {
            throw wrong(text)
        }
        var ports: [ListenerPort] = []
        for item in items {
            guard let members = item.objectValue, !members.isEmpty else { throw wrong(text) }
            for member in members {
                guard let listenerProtocol = ListenerProtocol(rawValue: member.key),
                    let number = member.value.intValue, (1...65_535).contains(number)
                else { throw wrong(text) }
                let port = ListenerPort(number, listenerProtocol)
                if !ports.contains(port) { ports.append(port) }
            }
        }
        return ports
    }

    private static func wrong(_ text: String) -> BuildError {
        BuildError(
            Annotations.sentence(
                key: AnnotationName.listenPorts.key,
                value: text,
                expected: "a JSON list like [{\"HTTP\": 80}, {\"HTTPS\": 443}] with ports from 1 to 65535"
            )
        )
    }
}
