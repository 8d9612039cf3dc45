// SPDX-License-Identifier: Apache-2.0
import IngressController

/// Which controller runs: a profile by name, with defects added to it and taken from it by number.
public struct ControllerChoice: Sendable {
    let profile: Profile

    /// The documented product.
    public init() {
        profile = .managed
    }

    /// A profile by its name.
    ///
    /// - Throws: `ServeFailure` that names what there is no such thing of.
    public init(_ name: String, defects: [String] = [], without: [String] = []) throws(ServeFailure) {
        guard let kind = Profile.Kind(rawValue: name) else {
            let names = Profile.Kind.allCases.map(\.rawValue).joined(separator: " and ")
            throw ServeFailure("there is no profile \(name): there are \(names)")
        }
        var profile = Profile(kind)
        profile.defects.formUnion(try Self.defects(defects))
        profile.defects.subtract(try Self.defects(without))
        self.profile = profile
    }

    private static func defects(_ texts: [String]) throws(ServeFailure) -> [Defect] {
        var found: [Defect] = []
        for text in texts.flatMap({ $0.split(separator: ",").map(String.init) }) {
            guard let defect = Defect(id: text) else {
                throw ServeFailure("there is no defect \(text): `albedo defects` lists B-01 to B-59")
            }
            found.append(defect)
        }
        return found
    }
}
