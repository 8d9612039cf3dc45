// SPDX-License-Identifier: Apache-2.0
import JSON

/// RFC 7386: members are merged, null removes, everything else replaces.
enum MergePatch {
    /// The patched value.
    static func apply(_ patch: JSONValue, to target: JSONValue?) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = target?.objectValue ?? [:]
        for change in changes.members {
            if change.value.isNull {
                result[change.key] = nil
            } else {
                result[change.key] = apply(change.value, to: result[change.key])
            }
        }
        return .object(result)
    }
}
