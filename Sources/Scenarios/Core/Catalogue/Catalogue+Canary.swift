// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About canaries and weights.
    static let canary = """
        68 | nginx#5848 | of two canaries only one takes effect
        69 | nginx#4028 | a canary with several paths misroutes
        70 | nginx#9745 | small weights are not honoured
        71 | nginx#9458 | a canary whose Service is used elsewhere is ignored
        72 | nginx#3580, nginx#4723, nginx#7896 | a canary gets nothing, or everything in turn
        73 | albc v1.2.0, canary | cookie and tags of a canary do not change any more
        74 | albc code, canary | weights over a hundred make the base negative
        75 | albc code, server weight | weights of registered servers never change
        """
}
