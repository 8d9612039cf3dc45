// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Scenarios

/// What came of each scenario file when it was last run whole, kept from one command to the next.
///
/// `ALBEDO_STATE` names the folder; without it `XDG_STATE_HOME` and `~/.local/state` are asked. Where nothing can be
/// written nothing is kept.
struct LastVerdicts {
    private(set) var byFile: [String: String] = [:]

    /// Where they are kept; nil when there is no such place, or when `ALBEDO_STATE` is empty.
    static var path: String? {
        let environment = ProcessInfo.processInfo.environment
        if let own = environment["ALBEDO_STATE"] { return own.isEmpty ? nil : "\(own)/verdicts.json" }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return "\(state)/albedo/verdicts.json"
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/albedo/verdicts.json"
    }

    /// What was kept; empty when nothing was.
    static func read() -> LastVerdicts {
        guard let path, let data = FileManager.default.contents(atPath: path),
            let kept = (try? JSONValue(parsing: String(decoding: data, as: UTF8.self)))?.objectValue
        else { return LastVerdicts() }
        var verdicts = LastVerdicts()
        for member in kept { verdicts.byFile[member.key] = member.value.stringValue }
        return verdicts
    }

    /// The verdict of a file, whatever folder it is named from.
    func verdict(of file: String) -> String? { byFile[Self.name(file)] }

    /// Adds verdicts to those that are kept; of several runs of one file the worst counts.
    static func keep(_ reports: [RunReport]) {
        guard let path else { return }
        var worst: [String: RunReport.Verdict] = [:]
        for report in reports {
            let name = name(report.file)
            if worst[name] == nil || report.verdict != .passed { worst[name] = report.verdict }
        }
        var verdicts = read().byFile
        for (name, verdict) in worst { verdicts[name] = verdict.rawValue }
        var object = JSONObject()
        for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key }) { object[name] = .string(verdict) }
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? Data(JSONValue.object(object).prettyText.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private static func name(_ file: String) -> String {
        URL(filePath: file).absoluteURL.standardizedFileURL.path
    }
}
