// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About throttling, limits and growth.
    static let scale = """
        179 | lbc#1871, lbc#3167, lbc#2809, lbc#645 | one cluster throttles all of an account
        180 | lbc#1648 | polling costs calls at rest
        181 | lbc#3540 | after a restart a user's edit waits for hours
        182 | lbc#1447 | an edit waits behind the hourly resync
        183 | lbc#1414 | failures delay for minutes after they are mended
        184 | gce#1700 | Ingresses without replicas are waited for in turn
        185 | pomerium/ingress-controller PR#1477, pomerium/ingress-controller PR#1482, nginx/kubernetes-ingress#9682, nginx/kubernetes-ingress PR#10032, F5Networks/k8s-bigip-ctlr#1014 | the start grows with the square of Ingresses
        186 | nginx#7268, nginx/kubernetes-ingress#9657, nginx/kubernetes-ingress#203 | ready is told before all routes are there
        187 | nginx#11115, ministryofjustice/cloud-platform#2507 | a webhook grows slower with every Ingress
        188 | lbc#1807, lbc#2336, lbc#4140, aws/eks-charts#1058 | pods wait for a webhook that is not there yet
        189 | albc v1.2.0, throttling | many groups are throttled
        190 | albc code, retries | an error outside a short list costs a long back-off
        191 | ALB documentation, group quota | a group is full at a thousand servers
        192 | derived from cloud practice | a lost answer makes a second resource
        """
}
