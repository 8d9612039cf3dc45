// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About certificates and their choice.
    static let certificates = """
        89 | lbc#2870, lbc#2581 | a deleted certificate is still asked for in every pass
        90 | lbc#2983 | two certificates fit and either may be taken
        91 | lbc#4850 | a private certificate is shown to other hosts
        92 | lbc#712, lbc PR#725 | the default certificate is refused
        93 | lbc#2449 | at the limit of certificates rotation stops
        94 | lbc#1144 | one certificate too many leaves half a configuration
        95 | gce#724, gce#525 | a changed Secret is not picked up
        96 | jetstack/kube-lego#40, jetstack/kube-lego#175 | a certificate of the same name is not replaced
        97 | GoogleCloudPlatform/k8s-multicluster-ingress#124, GoogleCloudPlatform/k8s-multicluster-ingress#125, GoogleCloudPlatform/k8s-multicluster-ingress#141 | replacing a certificate leaves a gap
        98 | agic#988 | old certificates pile up to the limit
        99 | agic#426, agic#1239 | the second host gets the first one's certificate
        100 | nginx#5411, nginx#947, nginx#171 | a new certificate is not loaded
        101 | nginx#4199 | after hours a wrong certificate is shown
        102 | nginx#3845 | a name of a Secret that is not there drops the certificate
        103 | nginx#5608, openservicemesh/osm#4394 | an expired certificate comes back
        104 | nginx PR#8253 | restarted replicas forget the last good certificate
        105 | certm#4012, certm#3491, nginx#6556 | a temporary certificate stays in service
        106 | certm#916 | an issued certificate does not reach the load balancer
        107 | lbc#2927, lbc#3111, lbc#2936, lbc#4541, lbc#2711, lbc#2312 | a webhook's certificate ends and blocks pods
        108 | lbc PR#4554 | a lost answer makes certificates again and again
        109 | albc v1.2.0, certificates | certificates are looked up without end
        110 | ACK documentation, certificates | the default certificate exists in newer versions only
        111 | albc code, certificate name | every rotation leaves a certificate behind
        112 | albc code, Secret watch | a Secret of another namespace wakes the group
        """
}
