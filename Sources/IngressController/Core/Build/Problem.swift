// SPDX-License-Identifier: Apache-2.0
public import KubernetesAPI

/// Something that a user should know: it becomes one Warning event.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// What it is about.
    public enum Subject: Sendable, Hashable {
        /// An Ingress.
        case ingress(ObjectKey)
        /// An AlbConfig.
        case albConfig(String)
    }

    /// What it does to the Ingress.
    public enum Effect: Sendable, Hashable {
        /// Nothing: the rest is applied.
        case none
        /// The Ingress keeps what it had when it could last be built.
        case keepsLastGood
        /// The Ingress is left out.
        case leftOut
        /// A listener, or the whole group, cannot be as it should.
        case listenerFails
        /// Nothing of the group is changed until it is mended.
        case stopsGroup
    }

    /// What it is about.
    public let subject: Subject
    /// What it does.
    public let effect: Effect
    /// What was expected and what was found.
    public let message: String
    /// True when it may heal by itself, so that it is worth another try.
    public let isTemporary: Bool

    init(_ subject: Subject, _ effect: Effect, _ message: String, isTemporary: Bool = false) {
        self.subject = subject
        self.effect = effect
        self.message = message
        self.isTemporary = isTemporary
    }

    /// `Ingress shop/web: …`.
    public var description: String {
        switch subject {
        case .ingress(let key): "Ingress \(key): \(message)"
        case .albConfig(let name): "AlbConfig \(name): \(message)"
        }
    }
}

/// Why an Ingress cannot be built.
struct BuildError: Error, Hashable {
    var message: String
    var effect: Problem.Effect = .keepsLastGood
    var isTemporary = false

    init(_ message: String, effect: Problem.Effect = .keepsLastGood, isTemporary: Bool = false) {
        self.message = message
        self.effect = effect
        self.isTemporary = isTemporary
    }
}
