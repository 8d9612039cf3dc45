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

    private static let law = word(
        "law",
        .record(lawRecord.shape),
        "The exponent with which a figure may grow as a value of the sweep does."
    )

    static let fields = [profiles, include, values, sweep, search, law, baseline]

    private static let lawName = Field("name", .name, "A name, for the `red` of a baseline that breaks it.")
    private static let over = Field("over", .name, "The value that grows, by its name in `sweep`.").required
    private static let figure = Field(
        "figure",
        .text("a figure", example: "cloud calls"),
        "The figure, by what it is called."
    )
    .required
    private static let atLeast = Field("at-least", .decimal, "The least exponent.")
    private static let atMost = Field("at-most", .decimal, "The greatest exponent.")

    /// `law`.
    static let lawRecord = Record<ScaleLaw>(
        "law",
        fields: [AnyField(lawName), AnyField(over), AnyField(figure), AnyField(atLeast), AnyField(atMost)]
    ) { members in
        guard let name = members[over], let title = members[figure] else { return nil }
        if !members.has("at-least"), !members.has("at-most") {
            members.decoding.mistake(members.mark, "law needs a limit", "add `at-most: 1.2`")
        }
        return ScaleLaw(
            name: members[lawName],
            over: name,
            figure: title,
            bounds: Bounds(atLeast: members[atLeast], atMost: members[atMost]),
            place: members.decoding.place(members.mark)
        )
    }

    private static func word(_ key: String, _ shape: ValueShape, _ summary: String) -> AnyField {
        AnyField(Field(key, Reader<Bool>(shape) { _, _ in true }, summary))
    }
}
