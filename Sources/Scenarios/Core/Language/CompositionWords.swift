// SPDX-License-Identifier: Apache-2.0

/// The words of a file that say what its runs are; `Composition` carries them out before anything is read.
enum CompositionWords {
    private static let profiles = word(
        "profiles",
        .list(.choice(Scenario.Profile.allCases.map(\.rawValue))),
        "Several profiles; the file passes when it does under each."
    )
    private static let include = word(
        "include",
        .either([
            .scalar(ScalarShape("a path", example: "common/cafe.yaml")),
            .list(.scalar(ScalarShape("a path"))),
        ]),
        "Files whose keys are taken in; what the scenario says itself counts more, steps and expectations follow."
    )
    private static let values = word(
        "values",
        .map(.tree),
        "Values by name, for `${name}` anywhere in the file."
    )
    private static let sweep = word(
        "sweep",
        .map(.tree),
        "Values to go through, by name: a list, `1..9`, or `{permutations: […]}`; a run for each combination, all must pass."
    )
    private static let search = word(
        "search",
        .map(.tree),
        "Values to try in order, by name, until a run is as it must be; the report says which it was."
    )
    private static let baseline = word(
        "baseline",
        .either([.tree, .list(.tree)]),
        "What the file is changed by so that the expectations named in `red` are not met; one or a list."
    )

    static let fields = [profiles, include, values, sweep, search, baseline]

    private static func word(_ key: String, _ shape: ValueShape, _ summary: String) -> AnyField {
        AnyField(Field(key, Reader<Bool>(shape) { _, _ in true }, summary))
    }
}

/// `controller`.
enum ControllerRecord {
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

    static let record = Record<DefectChange>(
        "controller",
        fields: [AnyField(defects), AnyField(without)]
    ) { members in
        var change = DefectChange()
        change.on = members[defects] ?? []
        change.off = members[without] ?? []
        if let both = change.on.first(where: change.off.contains) {
            members.mistake("without", "\(both) is switched on and off", "keep one of the two")
        }
        return change
    }
}
