// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About restarts, leaders, caches and watches.
    static let restart = """
        138 | lbc#4889 | a stale read removes everything and repair comes late
        139 | lbc#1141 | a new leader removes all servers and adds them again
        140 | apache/apisix-ingress-controller PR#2489, apache/apisix-ingress-controller#1340 | a pass before the caches are full removes routes
        141 | haproxytech/kubernetes-ingress#763, haproxytech/kubernetes-ingress#412 | an early event is lost and backends come with the resync
        142 | nginx#533, jcmoraisjr/haproxy-ingress#1485 | losing the lead empties the status
        143 | nginx#2195 | an outage of the API server leaves half a configuration
        144 | nginx#11083, nginx#7047 | all replicas restart at once
        145 | k8s#23731, openshift/origin#7845, cilium PR#42920 | two hold the lead, or nobody
        146 | kyverno PR#14984, volcano-sh/kthena#1793 | work goes on after the lead is lost
        147 | lbc documentation, installation | two controllers compete for one load balancer
        148 | instaclustr/cassandra-operator#398 | a deletion that is not seen leaves things behind
        149 | instaclustr/cassandra-operator#402, instaclustr/cassandra-operator#404, elastic/cloud-on-k8s#4956 | an old state after a restart deletes what lives
        150 | k8s#59848, k8s PR#60478 | a list from an older replica breaks promises
        151 | opensearch-project/opensearch-k8s-operator#1471 | a stale cache leads to a wrong action
        152 | kubernetes-client/java PR#1628, fabric8io/kubernetes-client PR#1800, kubernetes-client/javascript#392, folio-pro/kdashboard#59, kubernetes/kube-state-metrics#694 | a watch never recovers from 410
        153 | nginx#13945 | a thousand Ingresses at once take minutes
        154 | albc code, queue key | two passes over one Service overtake each other
        155 | albc code, ring buffer | a burst of events pushes the oldest out
        156 | albc code, event wiring | a changed class is not noticed
        157 | albc code, Service not known | an endpoint event before its Service is lost
        158 | albc code, panic | a failed pass counts as done
        159 | albc v1.2.0, caches | deleting and making again within a second is missed
        """
}
