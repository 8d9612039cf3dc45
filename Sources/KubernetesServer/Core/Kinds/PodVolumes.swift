// SPDX-License-Identifier: Apache-2.0
import JSON

/// The volumes of a pod that are in order, by name.
struct PodVolumes {
    private var names: [String] = []
    private var sources: [JSONValue] = []

    /// True when a volume of this name is there.
    func contains(_ name: String) -> Bool { names.contains(name) }

    /// What a volume is made of; nil without a volume of this name.
    subscript(_ name: String) -> JSONValue? {
        names.firstIndex(of: name).map { sources[$0] }
    }

    /// Adds a volume.
    mutating func add(_ name: String, _ source: JSONValue) {
        names.append(name)
        sources.append(source)
    }
}

/// What the parts of a pod's spec need to know of it.
struct PodContext {
    var volumes = PodVolumes()
    /// The names of the pod's resource claims.
    var claims: [String] = []
    /// How long the pod has to end.
    var grace: Int?
    var restartPolicy = ""
    /// False when the pod's users are not the node's.
    var sharesUsers = true
    /// False in a template.
    var isPod = true
}
