// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI

/// What a step does.
public enum StepAction: Sendable {
    /// Creates or changes objects as `kubectl apply` does.
    case apply([ManifestObject])
    /// Deletes objects.
    case delete([ObjectReference])
    /// Keeps an object as it is now.
    case export(ObjectReference)
    /// Makes an object from what was kept, under a name.
    case restore(ObjectReference, name: String)
    /// Changes a part of an object.
    case patch(ObjectReference, Patch)
    /// Sets the number of replicas.
    case scale(ObjectReference, replicas: Int)
    /// Sets a container's image.
    case setImage(ObjectReference, container: String, image: String)
    /// Deletes pods in order.
    case deletePod(PodChoice, gracePeriod: Duration?)
    /// Makes the programs of pods end at once.
    case crashPod(PodChoice)
    /// Puts another certificate into a Secret.
    case rotateCertificate(CertificateRotation)
    /// Puts a certificate into the cloud's certificate service.
    case uploadCertificate(CertificateUpload)
    /// Calls the cloud as somebody at its console would.
    case console(ConsoleCall)
    /// Changes the cloud's account.
    case account(AccountEdit)
    /// Lets a certificate of the cloud's certificate service run out.
    case expireCertificate(String)
    /// Gives the programs of pods another behaviour.
    case setScript(PodChoice, PodScriptSpec)
    /// Stops a component.
    case stop(Component)
    /// Starts a component that was stopped.
    case start(Component)
    /// Stops a component and starts it again.
    case restart(component: Component, down: Duration)
    /// Cuts a node off and kills what runs there.
    case crashNode(String)
    /// Brings a node back.
    case restoreNode(String)
    /// Forbids new pods on a node, or allows them again.
    case cordon(String, Bool)
    /// Evicts the pods of a node.
    case drain(String)
    /// Brings a node up that was not there yet.
    case addNode(String)
    /// Changes the account and its pace.
    case setCloud(CloudSpec)
    /// Kills the controller behind one of its next cloud calls.
    case crashAtCall(CrashPoint)
    /// Starts the controller with other defects.
    case upgrade(ControllerChange)
    /// Makes a host look at nothing for a while.
    case pause(String, Duration)
    /// Writes a Service's EndpointSlices anew.
    case reshuffle(EndpointReshuffle)
    /// Makes something go wrong.
    case fault(FaultSpec)
    /// Ends faults: those of one word, or all.
    case clearFaults(FaultSpec.Word?)
    /// Does nothing for a while.
    case wait(Duration)
    /// Sends one request.
    case probe(ProbeSpec)
    /// Leaves a remark in the trace.
    case note(String)

    /// How long it takes by itself.
    public var duration: Duration {
        switch self {
        case .wait(let duration), .restart(_, let duration), .pause(_, let duration): duration
        case .upgrade(let change): change.down
        default: .zero
        }
    }
}

/// A part of the world that can be stopped.
public enum Component: String, Sendable, Hashable, CaseIterable {
    /// The ALB Ingress controller.
    case controller
    /// The API server.
    case kubernetes
    /// What controller-manager and scheduler do.
    case cluster
    /// The controller that holds the lead, of several.
    case leader
}

/// Behind which call of the cloud the controller is killed.
public struct CrashPoint: Sendable, Hashable {
    /// The how many-th call, from 1.
    public var number: Int
    /// Which calls count; nil for all that change something.
    public var action: Glob?
    /// True when calls that only read count too.
    public var countsReads: Bool
    /// How long the controller is away.
    public var down: Duration
}

/// Another version of the controller.
public struct ControllerChange: Sendable, Hashable {
    /// Its profile; nil for the same.
    public var profile: Scenario.Profile?
    /// Its defects beside the profile's.
    public var defects: DefectChange
    /// How long it is away.
    public var down: Duration
}

/// What is done to the EndpointSlices of a Service.
public struct EndpointReshuffle: Sendable, Hashable {
    /// The Service.
    public var service: ObjectReference
    /// Over how many slices its endpoints are spread.
    public var slices: Int
    /// How many endpoints stand in two slices.
    public var duplicates: Int
    /// How many endpoints are left out; 0 for none.
    public var truncated: Int
    /// True when the slices are written in the opposite order.
    public var isReversed: Bool
}

/// A change to a part of an object.
public enum Patch: Sendable, Hashable {
    /// A JSON merge patch.
    case merge(JSONValue)
    /// A strategic merge patch.
    case strategic(JSONValue)
    /// A JSON patch: a list of operations.
    case json(JSONValue)
}

/// Names one object.
public struct ObjectReference: Sendable, Hashable, CustomStringConvertible {
    /// Its type.
    public var type: ResourceType
    /// Its namespace; empty for cluster-scoped objects.
    public var namespace: String
    /// Its name.
    public var name: String

    /// Makes a reference.
    public init(type: ResourceType, namespace: String, name: String) {
        self.type = type
        self.namespace = type.isNamespaced ? namespace : ""
        self.name = name
    }

    /// `Ingress default/cafe`.
    public var description: String { "\(type.kind) \(namespace.isEmpty ? "" : namespace + "/")\(name)" }
}

/// Which pods are meant.
public struct PodChoice: Sendable, Hashable {
    /// By what pods are chosen.
    public enum Selection: Sendable, Hashable {
        /// By name.
        case name(String)
        /// By labels.
        case selector(LabelSelector)
        /// By the Deployment that they belong to.
        case deployment(String)
    }

    /// Their namespace.
    public var namespace: String
    /// By what they are chosen.
    public var selection: Selection
    /// How many of them, in the order of their names; nil for all.
    public var count: Int?
}

/// Another certificate for a Secret.
public struct CertificateRotation: Sendable, Hashable {
    /// What is wrong with the new Secret.
    public enum Damage: String, Sendable, Hashable, CaseIterable {
        /// The certificate is no PEM.
        case malformed
        /// The key belongs to another certificate.
        case keyMismatch = "key-mismatch"
        /// The key is not there.
        case missingKey = "missing-key"
    }

    /// The Secret.
    public var secret: ObjectReference
    /// The names in the certificate; nil for those of the present one.
    public var hosts: [String]?
    /// How long it is valid; nil for 90 days.
    public var validity: Duration?
    /// True when it is already over.
    public var isExpired: Bool
    /// What is wrong with it; nil for nothing.
    public var damage: Damage?
}

/// A certificate for the cloud's certificate service.
public struct CertificateUpload: Sendable, Hashable {
    /// Its name there.
    public var name: String
    /// The names in the certificate.
    public var hosts: [String]
    /// How long it is valid; nil for 90 days.
    public var validity: Duration?
}

/// A call of the cloud by somebody at its console.
public struct ConsoleCall: Sendable, Hashable {
    /// The action.
    public var action: String
    /// The product, as its version tells it.
    public var product: String
    /// Its parameters; texts may hold references such as `$(listener 80)`.
    public var parameters: JSONValue
    /// Members of the answer that later steps may name, each by a name of its own.
    public var saved: [SavedMember]
    /// True when a refusal is one of the things that may come.
    public var mayFail: Bool
    /// True when what a managed controller owns refuses to be edited.
    public var respectsManagement = false

    /// A member of an answer under a name.
    public struct SavedMember: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The member's path, with dots.
        public var path: String
    }
}
