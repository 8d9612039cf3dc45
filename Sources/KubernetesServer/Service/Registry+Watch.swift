// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Storage

/// What a timer of the registry is for.
enum TimerPurpose: Sendable {
    /// The time of a watch is over.
    case endWatch(UInt64)
    /// A watch gets a bookmark.
    case bookmark(UInt64)
    /// The names of a definition are accepted.
    case establish(String)
    /// History grows old.
    case compaction
}

extension Registry {
    /// Opens a watch; a fault may hold its events back from the start, or cut it after some.
    func watch(_ call: Call, isStalled: Bool, eventsLeft: Int?) throws(KubernetesStatus) -> Answer {
        let options = try ListOptions(call.target, isWatch: true)
        let selection = try selection(call)
        try settle()
        let (body, pieces) = makeOutlet()
        let watch = Watch(
            number: hub.makeNumber(),
            resource: call.resource,
            selection: selection,
            form: call.form,
            allowsBookmarks: options.allowsBookmarks,
            client: call.client,
            pieces: pieces,
            seen: revision
        )
        if isStalled { watch.held = [] }
        watch.eventsLeft = eventsLeft
        hub.add(watch)
        try begin(watch, options)
        if let seconds = options.timeoutSeconds, seconds > 0 {
            watch.endTimer = schedule(after: .seconds(min(seconds, 1_000_000_000)), .endWatch(watch.number))
        } else if let range = configuration.watchTimeout {
            watch.endTimer = schedule(after: watchTimeout(range), .endWatch(watch.number))
        }
        return Answer(body: .watch(body, number: watch.number))
    }

    /// What a watch is sent through: the answers that are given at once are on their connection's thread.
    private func makeOutlet() -> (WatchBody, WatchOutlet) {
        if defersChanges {
            let feed = PieceFeed(limit: configuration.watchBuffer)
            return (.feed(feed), .feed(feed))
        }
        let (stream, pieces) = AsyncStream<[UInt8]>.makeStream(
            bufferingPolicy: .bufferingOldest(configuration.watchBuffer)
        )
        return (.stream(stream), .stream(pieces))
    }

    /// Sends a new watch what it has to know first.
    private func begin(_ watch: Watch, _ options: ListOptions) throws(KubernetesStatus) {
        let asked = options.version ?? 0
        let wantsState = options.sendsInitialEvents ?? (asked == 0)
        if options.sendsInitialEvents == true, asked > revision {
            return fail(watch, Refusal.tooLargeVersion(asked, current: revision))
        }
        if wantsState {
            var lines: [UInt8] = []
            for object in store(watch.resource).list(namespace: watch.selection.namespace)
            where watch.selection.matches(object) {
                lines += Encoding.event(
                    "ADDED",
                    Views.object(watch.resource, watch.form, object, revision: object.revision)
                )
            }
            if options.sendsInitialEvents == true, options.allowsBookmarks {
                lines += Encoding.event(
                    "BOOKMARK",
                    Views.bookmark(watch.resource, watch.form, revision: revision, endsInitial: true)
                )
            }
            if !lines.isEmpty { hub.send(lines, to: watch) }
            return
        }
        if asked == 0 || asked == revision { return }
        if asked < compacted {
            return fail(watch, Refusal.expired("too old resource version: \(asked) (\(compacted))"))
        }
        if asked > revision { return fail(watch, Refusal.tooLargeVersion(asked, current: revision)) }
        for line in try past(watch, after: asked) { hub.send(line, to: watch) }
    }

    /// Ends a watch with an error, in the stream as the real server does.
    func fail(_ watch: Watch, _ status: KubernetesStatus) {
        hub.send(Encoding.event("ERROR", status.json.bytes), to: watch)
        close(watch.number)
    }

    private func past(_ watch: Watch, after asked: Int64) throws(KubernetesStatus) -> [[UInt8]] {
        do {
            let view = storageView(watch.resource)
            let rows = try database.read { transaction in
                try transaction.rows(
                    RevisionTable.history,
                    [.integer(asked), .text(view.storage), .text(watch.selection.namespace ?? "")]
                )
            }
            var lines: [[UInt8]] = []
            for row in rows {
                let revision = row.int64(0)
                let isEnd = row.text(1) == Change.delete.rawValue
                let now = try Self.stored(view, row.text(2), revision)
                // Of a forgotten state only the end of its life can still be told.
                let before = try row.optionalText(3).map { body in
                    try Self.stored(view, body, Self.revision(in: body, of: view))
                }
                let wasIn = (before ?? (isEnd ? now : nil)).map(watch.selection.matches) ?? false
                let isIn = !isEnd && watch.selection.matches(now)
                guard wasIn || isIn else { continue }
                let type = isIn ? (wasIn ? "MODIFIED" : "ADDED") : "DELETED"
                let shown = isIn ? now : before ?? now
                lines.append(
                    Encoding.event(type, Views.object(watch.resource, watch.form, shown, revision: revision))
                )
            }
            return lines
        } catch {
            throw Refusal.internalError("the history could not be read: \(error)")
        }
    }

    private static func revision(in body: String, of view: ServedResource) -> Int64 {
        let digits = body.utf8.dropFirst(view.head.utf8.count).prefix { (0x30...0x39).contains($0) }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func stored(
        _ view: ServedResource,
        _ body: String,
        _ revision: Int64
    ) throws -> StoredObject {
        let tail = Encoding.tail(Array(body.utf8), of: view, revision)
        let object = try StoredObject.parse(tail)
        return StoredObject(object, revision: revision, tail: tail, fields: view.fieldValues(object))
    }

    // MARK: Ends and bookmarks

    /// Ends a watch in order.
    func close(_ number: UInt64) {
        if let watch = hub.remove(number) { forget(watch) }
    }

    private func forget(_ watch: Watch) {
        for timer in [watch.bookmarkTimer, watch.endTimer] {
            if let timer { host.clock.cancel(timer) }
        }
    }

    /// Lets the watches that did not see a change have a bookmark some time after it.
    ///
    /// There is a timer only after a change, so an idle server sleeps.
    func armBookmarks() {
        for watch in hub.takeEnded() { forget(watch) }
        guard let interval = configuration.bookmarkInterval, !hub.withoutTimer.isEmpty else { return }
        for watch in hub.withoutTimer {
            watch.bookmarkTimer = schedule(after: interval, .bookmark(watch.number))
        }
        hub.timersAreSet()
    }

    /// A bookmark is due; a fault may drop it.
    func sendBookmark(_ number: UInt64, isDropped: Bool) {
        guard let watch = hub.watches[number] else { return }
        hub.timerIsOver(watch)
        guard !isDropped, watch.seen < revision else { return }
        watch.seen = revision
        hub.send(
            Encoding.event(
                "BOOKMARK",
                Views.bookmark(watch.resource, watch.form, revision: revision, endsInitial: false)
            ),
            to: watch
        )
    }

    /// Lets what was held back go on.
    func resume(_ watch: Watch) {
        guard let lines = watch.held else { return }
        watch.held = nil
        for line in lines { hub.send(line, to: watch) }
    }

    func schedule(after delay: Duration, _ purpose: TimerPurpose) -> TimerID {
        let wake = onTimer
        return host.clock.schedule(after: delay) { wake?(purpose) }
    }
}
