// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About rules, paths, order and hosts.
    static let rules = """
        48 | lbc#3816, lbc PR#4039 | an unrelated path answers wrongly while rules are renumbered
        49 | lbc#3033 | paths of a group lose their order
        50 | lbc#3393 | a catch-all comes before everything else
        51 | lbc#4067 | a deny rule cannot be put first
        52 | lbc#1051, lbc#704, lbc#4064 | rules are written again although nothing changed
        53 | lbc#222 | a group is made and deleted in every pass
        54 | lbc#1702, lbc#2081, lbc#2187 | the prefix / matches only itself
        55 | lbc#2207 | a prefix is taken for the beginning of a word
        56 | lbc#1994 | one bad rule holds up a whole Ingress
        57 | nginx#8278, nginx#2045, certm#3861 | a wildcard host wins over the exact one
        58 | nginx#20, nginx#1943, nginx/kubernetes-ingress#76, nginx/kubernetes-ingress#244 | the winner among Ingresses of one host changes
        59 | aws/containers-roadmap#2816 | one missing permission stops every change
        60 | lbc#4373, lbc#1856, lbc#2011 | at the limit of rules nothing can be deleted either
        61 | lbc#3560, lbc#4848 | at the limit of groups an Ingress cannot be deleted
        62 | albc code, rule shift | removing a rule in the middle moves all behind it
        63 | albc code, equal orders | two Ingresses with one order stop the group
        64 | albc code, named port | a backend by port name is not routed
        65 | albc v1.2.0 | rules vanish when the controller restarts
        66 | albc v1.2.0, v2.11.1 | an Ingress without http kills the controller
        67 | ALB documentation, quotas | limits differ by edition and stop at different numbers
        """
}
