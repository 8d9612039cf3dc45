// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About life cycles, what is left behind, edits by others.
    static let life = """
        113 | lbc#1629, lbc#2894, k8s#95983 | an Ingress cannot go because the controller went first
        114 | lbc#1879, lbc#2117, lbc#2220 | deleting waits for something still attached
        115 | lbc#3037 | groups are deleted while listeners use them
        116 | lbc#2028, lbc#3891, lbc#2821, lbc#4292, lbc#3783 | moving Ingresses leaves the old load balancer
        117 | lbc#1050, lbc#363 | a crash leaves groups behind
        118 | lbc#3841 | an upgrade leaves a load balancer behind
        119 | lbc#3304 | deleting one group takes another one's load balancer
        120 | lbc#2603 | a mended Ingress leaves its load balancer behind
        121 | lbc#2827 | deleting the oldest member deletes the shared load balancer
        122 | lbc#2706, lbc#1254 | a protected load balancer can never be removed
        123 | lbc#4235, lbc#3317, lbc#3493 | a group deleted by hand is noticed hours later
        124 | lbc#2800, lbc#2515 | what the console deleted is not made again
        125 | lbc#2357 | objects of somebody else are cleaned up
        126 | lbc#4880, lbc PR#4902 | a deleted child object takes all servers out
        127 | k8s#79994, k8s#104383, kubernetes/cloud-provider-aws#566, kubernetes/cloud-provider-aws PR#752 | each try at the limit leaves something behind
        128 | ccm#215, ccm#372, ccm PR#491 | listeners made by hand are overwritten
        129 | ccm PR#263 | a full group cannot exchange its servers
        130 | agic#982, agic#1258, agic#1447 | one cluster deletes what another made
        131 | agic#945 | one pass over an empty view removes everything
        132 | agic#1270 | an upgrade removes rules of Ingresses that are there
        133 | lbc#1717 | another group means another address
        134 | albc v1.2.0, finalizers | deleting hangs, or leaves things behind
        135 | albc v2.20.0 | a Secret in use is deleted
        136 | albc code, hash | what changed while the controller was away is missed
        137 | albc code, label | a label is not taken away again
        """
}
