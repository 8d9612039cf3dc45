// SPDX-License-Identifier: Apache-2.0

/// Which controller is imitated: the documented product, or the open-source program with its defects.
///
/// The code without any defect reads as the right way; a switch stands where a defect makes a difference.
public struct Profile: Sendable, Hashable {
    /// The two families of behaviour.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The product as it is documented.
        case managed
        /// The open-source controller of the 1.2 line.
        case oss
    }

    /// The family.
    public var kind: Kind
    /// The defects that are switched on.
    public var defects: Set<Defect>

    /// Makes a profile; without a list it has the defects of its family.
    public init(_ kind: Kind, defects: Set<Defect>? = nil) {
        self.kind = kind
        self.defects = defects ?? (kind == .oss ? Set(Defect.allCases) : Self.documentedSurprises)
    }

    /// The documented product.
    public static let managed = Profile(.managed)

    /// The open-source controller with all its defects.
    public static let oss = Profile(.oss)

    /// What the product's own pages describe as intended, although users stumble over it: rules match by
    /// their number alone, never by how specific they are.
    private static let documentedSurprises: Set<Defect> = [.rulesKeepWrittenOrder]

    /// True when the defect is switched on.
    public func has(_ defect: Defect) -> Bool { defects.contains(defect) }
}
