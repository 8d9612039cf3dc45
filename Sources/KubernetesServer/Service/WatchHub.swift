// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What a list or watch selects.
struct Selection {
    /// nil for all namespaces.
    var namespace: String?
    var labels = LabelSelector()
    var fields = FieldSelector()

    func matches(_ object: StoredObject) -> Bool {
        (namespace == nil || namespace == object.namespace)
            && (fields.requirements.isEmpty || fields.matches(object.fields))
            && (labels.requirements.isEmpty || labels.matches(object.labels))
    }
}

/// Where the lines of a watch go.
enum WatchOutlet {
    /// To a task that sends them.
    case stream(AsyncStream<[UInt8]>.Continuation)
    /// To the connection.
    case feed(PieceFeed)

    /// Sends a line; false when it is lost, and the watch with it.
    func send(_ line: [UInt8]) -> Bool {
        switch self {
        case .stream(let continuation):
            if case .enqueued = continuation.yield(line) { true } else { false }
        case .feed(let feed): feed.push(line)
        }
    }

    func finish() {
        switch self {
        case .stream(let continuation): continuation.finish()
        case .feed(let feed): feed.finish()
        }
    }
}

/// An open watch.
final class Watch {
    let number: UInt64
    let resource: ServedResource
    let selection: Selection
    let form: AnswerForm
    let allowsBookmarks: Bool
    /// Who watches.
    let client: String
    let pieces: WatchOutlet
    /// Up to where the watcher knows everything.
    var seen: Int64
    var bookmarkTimer: TimerID?
    var endTimer: TimerID?
    /// Lines that wait while the watch is stalled; nil when it is not.
    var held: [[UInt8]]?
    /// After how many further events the watch is cut; nil for never.
    var eventsLeft: Int?
    /// When the last of the lines that are late is due; those behind it are not sent earlier.
    var lastDue: Instant?

    init(
        number: UInt64,
        resource: ServedResource,
        selection: Selection,
        form: AnswerForm,
        allowsBookmarks: Bool,
        client: String,
        pieces: WatchOutlet,
        seen: Int64
    ) {
        self.number = number
        self.resource = resource
        self.selection = selection
        self.form = form
        self.allowsBookmarks = allowsBookmarks
        self.client = client
        self.pieces = pieces
        self.seen = seen
    }
}

/// All open watches: tells each what it selects, and encodes an event once for all.
struct WatchHub {
    private(set) var watches: [UInt64: Watch] = [:]
    /// By store, in the order of opening.
    private var byStorage: [String: [Watch]] = [:]
    /// Watches that may get bookmarks and wait for none yet.
    private(set) var withoutTimer: [Watch] = []
    private var nextNumber: UInt64 = 0
    private let buffer: Int
    /// Decides what becomes of an event while a fault meddles with events; who sends it later is who decides that.
    var meddle: ((Watch, [UInt8]) -> EventFate)?
    /// Watches that ended by themselves; the registry takes their timers back.
    private var ended: [Watch] = []

    init(buffer: Int) {
        self.buffer = buffer
    }

    mutating func makeNumber() -> UInt64 {
        nextNumber += 1
        return nextNumber
    }

    mutating func add(_ watch: Watch) {
        watches[watch.number] = watch
        byStorage[watch.resource.storage, default: []].append(watch)
        if watch.allowsBookmarks { withoutTimer.append(watch) }
    }

    /// Ends a watch; its stream ends behind what was sent.
    mutating func remove(_ number: UInt64) -> Watch? {
        guard let watch = watches.removeValue(forKey: number) else { return nil }
        byStorage[watch.resource.storage]?.removeAll { $0 === watch }
        withoutTimer.removeAll { $0 === watch }
        watch.pieces.finish()
        return watch
    }

    /// The watches that got their timers.
    mutating func timersAreSet() { withoutTimer = [] }

    mutating func timerIsOver(_ watch: Watch) {
        watch.bookmarkTimer = nil
        withoutTimer.append(watch)
    }

    /// Watches in the order of opening.
    var all: [Watch] { watches.sorted { $0.key < $1.key }.map(\.value) }

    /// Watches that have ended by themselves since the last call.
    mutating func takeEnded() -> [Watch] {
        defer { ended = [] }
        return ended
    }

    /// Tells the watches of a store what happened.
    mutating func tell(
        _ storage: String,
        _ change: Change,
        old: StoredObject?,
        _ new: StoredObject,
        revision: Int64
    ) {
        guard let list = byStorage[storage], !list.isEmpty else { return }
        var lines: [(type: String, resource: ServedResource, form: AnswerForm, line: [UInt8])] = []
        for watch in list {
            let wasIn = old.map(watch.selection.matches) ?? false
            let isIn = change != .delete && watch.selection.matches(new)
            guard wasIn || isIn else { continue }
            let type = isIn ? (wasIn ? "MODIFIED" : "ADDED") : "DELETED"
            let known = lines.first {
                $0.type == type && $0.resource === watch.resource && $0.form == watch.form
            }
            let line =
                known?.line
                ?? Encoding.event(
                    type,
                    Views.object(watch.resource, watch.form, isIn ? new : old ?? new, revision: revision)
                )
            if known == nil { lines.append((type, watch.resource, watch.form, line)) }
            watch.seen = revision
            deliver(line, to: watch)
        }
    }

    /// Sends a line unless a fault has something else in mind.
    private mutating func deliver(_ line: [UInt8], to watch: Watch) {
        switch meddle?(watch, line) ?? .pass {
        case .pass: send(line, to: watch)
        case .twice:
            send(line, to: watch)
            if watches[watch.number] != nil { send(line, to: watch) }
        case .drop, .later: break
        }
    }

    /// Sends a line, or holds it back, or ends the watch.
    mutating func send(_ line: [UInt8], to watch: Watch) {
        if watch.held != nil {
            watch.held?.append(line)
            return
        }
        if !watch.pieces.send(line) { end(watch) }  // too slow, or gone
        guard let left = watch.eventsLeft else { return }
        watch.eventsLeft = left - 1
        if left <= 1 { end(watch) }
    }

    private mutating func end(_ watch: Watch) {
        if let gone = remove(watch.number) { ended.append(gone) }
    }
}
