// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// Why rows are told by no shipped scenario, by number.
    public static let untold: [Int: String] = [
        7: "drafts/catalogue/pods-node-drain.yaml is red: a gate opens before the server is healthy",
        23: "drafts/catalogue/gates-after-health.yaml is red: a gate opens before the server is healthy",
        46: "drafts/catalogue/gates-after-health.yaml is red: a gate opens before the server is healthy",
        137: "nothing depends on the label that is taken away",
        165: "no step replaces a node by another one with its address",
        174: "no traffic changes its address within a connection",
    ]
}
