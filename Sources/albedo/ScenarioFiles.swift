// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scenarios
import Synchronization

/// The scenarios that a command line names.
enum ScenarioFiles {
    /// Reads all scenarios; those that cannot be read are told as mistakes, in words.
    static func read(_ paths: [String]) -> (scenarios: [Scenario], mistakes: [String]) {
        let reader = ScenarioReader(vocabulary: .standard)
        var files: [String] = []
        /// Mistakes of paths, each by the number of files before it.
        var strays: [Int: [String]] = [:]
        for path in paths {
            do {
                files += try reader.scenarioFiles(at: path)
            } catch {
                strays[files.count, default: []].append("\(error)")
            }
        }
        var scenarios: [Scenario] = []
        var mistakes: [String] = []
        for (place, result) in FileReading(files: files, reader: reader).results().enumerated() {
            mistakes += strays[place] ?? []
            switch result {
            case .success(let scenario): scenarios.append(scenario)
            case .failure(let error): mistakes.append("\(error)")
            }
        }
        return (scenarios, mistakes + (strays[files.count] ?? []))
    }
}

/// Reads files on several threads.
private final class FileReading: Sendable {
    private struct State {
        var next = 0
        var results: [Result<Scenario, Mistakes>?]
    }

    private let files: [String]
    private let reader: ScenarioReader
    private let state: Mutex<State>
    private let finished = DispatchSemaphore(value: 0)
    /// So many are read in the time that a thread takes to begin.
    private static let few = 4

    init(files: [String], reader: ScenarioReader) {
        self.files = files
        self.reader = reader
        state = Mutex(State(results: Array(repeating: nil, count: files.count)))
    }

    /// What came of each file, in the files' order.
    func results() -> [Result<Scenario, Mistakes>] {
        let helpers = files.count > Self.few ? ParallelRuns.usualThreads - 1 : 0
        for _ in 0..<helpers {
            let thread = Thread { [self] in
                work()
                finished.signal()
            }
            // As much as the first thread has: files may be deep.
            thread.stackSize = 8 << 20
            thread.start()
        }
        work()
        for _ in 0..<helpers { finished.wait() }
        return state.withLock { $0.results.compactMap(\.self) }
    }

    private func work() {
        while true {
            let place = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            guard place < files.count else { return }
            let result: Result<Scenario, Mistakes>
            do throws(Mistakes) { result = .success(try reader.read(files[place])) } catch {
                result = .failure(error)
            }
            state.withLock { $0.results[place] = result }
        }
    }
}
