// SPDX-License-Identifier: Apache-2.0
import JSON

/// What is particular to one kind of object: how it is prepared, checked and deleted.
///
/// The pipeline is the same for all kinds; these are the values and functions that it asks.
struct KindRules: Sendable {
    /// Checks an object on its own.
    typealias Check = @Sendable (_ object: ResourceObject, _ errors: inout FieldErrors) -> Void
    /// Checks a change: new, old.
    typealias UpdateCheck =
        @Sendable (_ new: ResourceObject, _ old: ResourceObject, _ errors: inout FieldErrors) -> Void

    /// Which changes raise `metadata.generation`.
    enum Generation: Sendable {
        /// None: the kind keeps no generation.
        case none
        /// Changes of the spec.
        case spec
        /// Changes of the spec or of annotations.
        case specAndAnnotations
        /// Changes of anything but metadata, or of labels.
        case contentAndLabels
        /// Changes of anything but metadata, or but metadata and status where status has its own path.
        case custom(hasStatus: Bool)
    }

    /// Which metadata a write to `/status` leaves alone.
    enum StatusMetadata: Sendable {
        /// Labels, annotations and the like may change through it.
        case writable
        /// All but the labels may.
        case exceptLabels
        /// All but the owner references may.
        case exceptOwners
        /// None may.
        case fixed
    }

    var nameRule: MetadataValidation.NameRule = NameRules.dnsSubdomain
    /// True when `status` is written by its own subresource only.
    var hasStatus = false
    /// True when a client may give a status on creation.
    var keepsStatusOnCreate = false
    var statusMetadata = StatusMetadata.writable
    var generation = Generation.none
    /// False when an update must name a resourceVersion.
    var allowsUnconditionalUpdate = true
    /// True when a deletion answers with the object instead of a Status.
    var returnsDeleted = false
    /// True when deletion waits for the object's keeper, as a pod's for its node.
    var isDeletedGracefully = false
    var prepareForCreate: @Sendable (_ object: inout ResourceObject) -> Void = { _ in }
    var prepareForUpdate: @Sendable (_ new: inout ResourceObject, _ old: ResourceObject) -> Void = { _, _ in }
    var check: Check = { _, _ in }
    /// What only a new object is refused for.
    var checkCreate: Check = { _, _ in }
    var checkUpdate: UpdateCheck = { _, _, _ in }
    /// True when the real server looks at what changed before it looks at the object.
    var checksChangeFirst = false
    var checkStatusUpdate: UpdateCheck = { _, _, _ in }
    var warnings: @Sendable (_ object: ResourceObject) -> [String] = { _ in [] }

    /// True when a change raises the generation.
    func raisesGeneration(_ new: ResourceObject, _ old: ResourceObject) -> Bool {
        switch generation {
        case .none: false
        case .spec: new.content["spec"] != old.content["spec"]
        case .specAndAnnotations:
            new.content["spec"] != old.content["spec"] || new.metadata.annotations != old.metadata.annotations
        case .custom(let hasStatus):
            new.content.members.contains { member in
                !(hasStatus && member.key == "status") && old.content[member.key] != member.value
            }
                || old.content.members.contains { member in
                    !(hasStatus && member.key == "status") && new.content[member.key] == nil
                }
        case .contentAndLabels: new.content != old.content || new.metadata.labels != old.metadata.labels
        }
    }
}
