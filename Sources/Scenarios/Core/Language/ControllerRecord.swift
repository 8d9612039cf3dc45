// SPDX-License-Identifier: Apache-2.0

/// `controller`.
enum ControllerRecord {
    /// What a file says of the controllers.
    struct Content: Sendable {
        var defects = DefectChange()
        var count = ControllerCount()
    }

    private static let defect = Reader<String>(.scalar(ScalarShape("a defect's number", example: "B-07"))) {
        node,
        decoding in
        guard let text = node.scalar?.text else {
            decoding.wrongType(node, .scalar(ScalarShape("a defect's number", example: "B-07")))
            return nil
        }
        let known = decoding.vocabulary.defects
        if known.isEmpty || known.contains(text) { return text }
        decoding.mistake(
            node.mark,
            "the controller has no defect \"\(text)\"",
            "they are numbered from \(known[0]) to \(known[known.count - 1])"
        )
        return nil
    }
    private static let defects = Field(
        "defects",
        Reader<[String]>.oneOrMany(of: defect),
        "Defects that are switched on beside those of the profile."
    )
    private static let without = Field(
        "without",
        Reader<[String]>.oneOrMany(of: defect),
        "Defects of the profile that are switched off."
    )
    private static let replicas = Field(
        "replicas",
        .integer(1...5),
        "How many controllers there are; of several one holds the lead."
    )
    private static let elects = Field(
        "elects-leader",
        .boolean,
        "False when each of several works as if it were alone."
    )

    static let record = Record<Content>(
        "controller",
        fields: [AnyField(defects), AnyField(without), AnyField(replicas), AnyField(elects)]
    ) { members in
        var content = Content()
        content.defects = change(members)
        content.count.replicas = members[replicas] ?? 1
        content.count.electsLeader = members[elects] ?? true
        return content
    }

    /// The fields that change defects.
    static let changes = [AnyField(defects), AnyField(without)]

    /// The change that members tell.
    static func change(_ members: Members) -> DefectChange {
        var change = DefectChange()
        change.on = members[defects] ?? []
        change.off = members[without] ?? []
        if let both = change.on.first(where: change.off.contains) {
            members.mistake("without", "\(both) is switched on and off", "keep one of the two")
        }
        return change
    }
}
