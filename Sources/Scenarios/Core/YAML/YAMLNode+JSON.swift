// SPDX-License-Identifier: Apache-2.0
import JSON

extension YAMLNode {
    /// The value that kubectl would send for this node; members keep the order of the file.
    ///
    /// What has no form in JSON is handed to `report` and becomes null.
    func json(report: (Mark, YAMLScalarProblem) -> Void) -> JSONValue {
        switch content {
        case .scalar(let scalar):
            do {
                return try scalar.json()
            } catch {
                report(mark, error)
                return .null
            }
        case .sequence(let items):
            return .array(items.map { $0.json(report: report) })
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries {
                guard let key = entry.key.jsonKey(report: report) else { continue }
                if object[key] != nil {
                    report(
                        entry.key.mark,
                        YAMLScalarProblem(
                            message: "the key \"\(key)\" is given twice",
                            suggestion: "put a word like yes, on or 1 in quotes where it is a text"
                        )
                    )
                }
                object[key] = entry.value.json(report: report)
            }
            return .object(object)
        }
    }

    /// A key as JSON has it: numbers and truth values become texts.
    ///
    /// - Source: sigs.k8s.io/yaml, yaml.go; seen upstream.
    private func jsonKey(report: (Mark, YAMLScalarProblem) -> Void) -> String? {
        guard let scalar else { return nil }
        do throws(YAMLScalarProblem) {
            switch try scalar.json() {
            case .string(let text): return text
            case .bool(let value): return value ? "true" : "false"
            case .integer(let number): return String(number)
            case .number(let text): return text
            default:
                throw YAMLScalarProblem(
                    message: "a key is missing here",
                    suggestion: "put \"\" if it is empty"
                )
            }
        } catch {
            report(mark, error)
            return nil
        }
    }
}
