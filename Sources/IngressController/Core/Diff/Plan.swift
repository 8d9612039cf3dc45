// SPDX-License-Identifier: Apache-2.0
import CloudAPI
public import JSON
import KubernetesAPI

/// The calls that bring the cloud from what it has to what is wanted.
///
/// Phases follow one another. The lanes of a phase have nothing to do with each other and may go side by side;
/// the steps of a lane follow one another.
public struct Plan: Sendable {
    var phases: [Phase] = []
    /// What the cloud has when every step has succeeded.
    var result: CloudState
    /// What cannot be done, in words.
    var problems: [Problem] = []

    /// A part of a plan that must be over before the next begins.
    struct Phase: Sendable {
        var name: String
        var lanes: [Lane]
        /// True when it is left out after a failure before it.
        var needsSuccess = false
        /// True when each lane waits a little by chance before it starts.
        var isStaggered = false
    }

    /// Steps about one thing.
    struct Lane: Sendable {
        /// What they are about, in words.
        var subject: String
        var steps: [Step]
    }

    /// True without any step.
    public var isEmpty: Bool { phases.allSatisfy { $0.lanes.allSatisfy(\.steps.isEmpty) } }

    /// All steps in order.
    var steps: [Step] { phases.flatMap { $0.lanes.flatMap(\.steps) } }

    mutating func append(
        _ name: String,
        _ lanes: [Lane],
        needsSuccess: Bool = false,
        isStaggered: Bool = false
    ) {
        let lanes = lanes.filter { !$0.steps.isEmpty }
        guard !lanes.isEmpty else { return }
        phases.append(
            Phase(name: name, lanes: lanes, needsSuccess: needsSuccess, isStaggered: isStaggered)
        )
    }

    /// The plan as JSON: phases, lanes, calls with their parameters.
    public var json: JSONValue {
        .array(
            phases.map { phase in
                [
                    "phase": .string(phase.name),
                    "lanes": .array(
                        phase.lanes.map { lane in
                            ["subject": .string(lane.subject), "calls": .array(lane.steps.map(\.json))]
                        }
                    ),
                ]
            }
        )
    }

    /// The plan as text: one call a line.
    public var text: String {
        var lines: [String] = []
        for phase in phases {
            lines.append(phase.name)
            for lane in phase.lanes {
                for step in lane.steps {
                    lines.append(
                        "  \(lane.subject): \(step.action) \(Reference.shown(.object(step.parameters)).text)"
                    )
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// One call of a plan.
struct Step: Sendable {
    /// What to wait for after a call.
    enum Settling: Sendable, Hashable {
        /// Nothing.
        case none
        /// The job whose id the answer carries.
        case job
        /// The load balancer is Active.
        case loadBalancer
        /// The listener is Running.
        case listener
        /// The server group is Available.
        case serverGroup
        /// The access list is Available.
        case accessList
        /// Added servers are Available, removed ones are gone.
        case servers
    }

    /// What the answer tells the id of.
    enum Binding: Sendable, Hashable {
        case none
        /// A member of the answer is the id of what the reference stands for.
        case member(String, Reference)
        /// Rules are told apart by their priority.
        case rules(ListenerPort, Rule.Direction)
    }

    var product: CloudProduct = .alb
    var action: String
    var parameters: JSONObject
    var binding: Binding = .none
    var settling: Settling = .job
    /// The Ingresses that it is for; told when it fails.
    var owners: [ObjectKey] = []
    /// The new server group that gets its servers after this call.
    var fills: ServerGroupKey?
    /// The member that lists rules of several Ingresses, and the owner of each.
    var batch: (member: String, owners: [ObjectKey])?
    /// True when the thing being gone already is as good as success.
    var toleratesAbsence = false
    /// True when it only waits, without a call before.
    var isWait = false
    /// What is called when it fails, so that nothing half-made stays.
    var undo: [(action: String, parameters: JSONObject)] = []

    var json: JSONValue {
        ["action": .string(action), "parameters": Reference.shown(.object(parameters))]
    }

    /// The two halves of a batch; nil for a step that cannot be divided.
    var halves: [Step]? {
        guard let batch, let items = parameters[batch.member]?.arrayValue, items.count > 1,
            batch.owners.count == items.count
        else { return nil }
        let middle = items.count / 2
        return [0..<middle, middle..<items.count].map { range in
            var half = self
            half.parameters[batch.member] = .array(Array(items[range]))
            half.batch = (batch.member, Array(batch.owners[range]))
            half.owners = Step.unique(Array(batch.owners[range]))
            return half
        }
    }

    /// The keys without repetitions, in order.
    static func unique(_ keys: [ObjectKey]) -> [ObjectKey] { Array(Set(keys)).sorted() }
}
