// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// A transition that is under way: what was accepted and takes a while.
struct Work: Sendable {
    /// What becomes of one resource when the work is done.
    struct Target: Sendable, Equatable {
        let key: ResourceKey
        /// The state afterwards; nil when the resource is gone then.
        let after: String?
    }

    /// How the work ends.
    enum Outcome: Sendable, Equatable {
        case success
        case failure(code: String, message: String)
        /// Never.
        case hang
    }

    /// Zones that a load balancer has left for callers and still has to leave in fact.
    struct Departure: Sendable, Equatable {
        let loadBalancer: String
        let zones: [String]
    }

    let id: String
    let action: String
    /// Empty when the answer names no job.
    var jobID = ""
    var targets: [Target] = []
    var departure: Departure?
    var mode = TransitionMode.immediate
    var outcome = Outcome.success
    /// When it ends; nil when reads or nothing end it.
    var due: Instant?
    var remainingReads = 0
    /// The resources as they were before, nil for those that were not there: for a work that fails.
    var images: [(key: ResourceKey, before: Resource?)] = []
    /// The call that began it.
    var cause = TraceID.none

    /// The order in which works began.
    var serial: Int64 { Int64(id) ?? 0 }

    /// What the database keeps: enough to end it after a restart.
    var document: JSONObject {
        var document: JSONObject = [
            "Action": .string(action), "Job": .string(jobID),
            "Targets": .array(
                targets.map { target in
                    var item: JSONObject = [
                        "Kind": .string(target.key.kind.rawValue), "Id": .string(target.key.id),
                    ]
                    if let after = target.after { item["After"] = .string(after) }
                    return .object(item)
                }
            ),
        ]
        if let due { document["Due"] = .integer(due.nanoseconds) }
        if remainingReads > 0 { document["Reads"] = .integer(Int64(remainingReads)) }
        if outcome == .hang { document["Hang"] = true }
        if case .failure(let code, let message) = outcome {
            document["Failure"] = ["Code": .string(code), "Message": .string(message)]
            document["Images"] = .array(
                images.map { image in
                    var item: JSONObject = [
                        "Kind": .string(image.key.kind.rawValue), "Id": .string(image.key.id),
                    ]
                    if let before = image.before { item["Before"] = .object(before.image) }
                    return .object(item)
                }
            )
        }
        if let departure {
            document["Departure"] = .string(departure.loadBalancer)
            document["Zones"] = .array(departure.zones.map { .string($0) })
        }
        return document
    }

    init(id: String, action: String) {
        self.id = id
        self.action = action
    }

    /// Takes a work from what the database kept.
    init(_ resource: Resource) {
        id = resource.id
        let document = resource.document
        action = document.text("Action")
        jobID = document.text("Job")
        targets = document.objects("Targets").compactMap { item in
            guard let kind = ResourceKind(rawValue: item.text("Kind")) else { return nil }
            return Target(
                key: ResourceKey(kind: kind, id: item.text("Id")),
                after: item.optionalText("After")
            )
        }
        if let due = document["Due"], case .integer(let nanoseconds) = due {
            self.due = Instant(nanoseconds: nanoseconds)
        }
        remainingReads = document.number("Reads") ?? 0
        if document.flag("Hang") { outcome = .hang }
        let failure = document.object("Failure")
        if !failure.isEmpty {
            outcome = .failure(code: failure.text("Code"), message: failure.text("Message"))
            images = document.objects("Images").compactMap { item in
                guard let kind = ResourceKind(rawValue: item.text("Kind")) else { return nil }
                let before = item["Before"]?.objectValue.flatMap(Resource.init(image:))
                return (ResourceKey(kind: kind, id: item.text("Id")), before)
            }
        }
        if let loadBalancer = document.optionalText("Departure") {
            departure = Departure(loadBalancer: loadBalancer, zones: document.texts("Zones"))
        }
    }
}
