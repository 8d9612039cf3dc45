// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About endpoints and their slices.
    static let slices = """
        160 | k8s#93374, kubernetes/website PR#23084, kubernetes/website PR#38174, istio/istio PR#27603 | an address in two slices is counted twice or lost
        161 | k8s PR#99975, k8s PR#103520 | more than a thousand endpoints are cut off
        162 | k8s PR#127103, k8s PR#127370 | old slices are acted upon
        163 | k8s#50977, SREGym#805 | nodes without pods drop requests
        164 | albc code, Endpoints | one address without pod stops the whole Service
        165 | albc code, instance ids | a machine with a reused address is mistaken
        166 | derived from nginx#7330 | an address is reused by another Service at once
        """
}
