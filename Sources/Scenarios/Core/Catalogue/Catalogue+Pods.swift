// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About rolling updates, readiness and taking servers out.
    static let pods = """
        1 | lbc#1124 | old pods leave before the load balancer trusts the new ones
        2 | lbc#1719 | 502 and 504 in rollouts although gates hold them back
        3 | lbc#1064 | a pod that was taken out still gets requests
        4 | lbc#2366 | taking a server out lasts far longer than configured
        5 | lbc#3270 | new requests reach a server that is draining
        6 | lbc#3097 | a server is taken out only once its pod is gone
        7 | lbc#1403 | a node drain takes servers out before others are in
        8 | lbc#1275 | a pod whose probe fails is attached all the same
        9 | lbc#2490 | 502 while an autoscaler adds pods
        10 | lbc#814 | errors in rollouts at the peak of traffic
        11 | lbc#1205 | gate and registration wait for each other for ever
        12 | lbc#1764 | Ingress and Deployment change at once and gates name the old group
        13 | lbc#2393 | a group is renamed during a rollout and pods never enter the new one
        14 | lbc#3622 | a gate stays shut for minutes after early failures
        15 | lbc#4180 | a gate opens long after the servers are healthy
        16 | lbc#3417 | rollouts of hundreds of pods crawl because of polling
        17 | lbc#1974 | a pod is registered minutes late after a lost event
        18 | lbc#4176 | pods keep stale gates over an upgrade
        19 | lbc#2695 | a pod waits for a group that is gone
        20 | lbc#1131 | all pods are replaced and no server changes until a restart
        21 | lbc#2755 | servers stay out after weights are swapped
        22 | lbc#3299 | an endpoint is left out because its pod is not known yet
        23 | gce#1718, gce#2222 | a gate opens before the server is checked
        24 | gce#769, gce#583 | a rollout of eleven pods loses about a hundred requests
        25 | gce#931, gce#1357 | servers stop following the endpoints after days
        26 | gce#541, gce#1762, gce#1656 | a changed readiness probe does not reach the health check
        27 | agic#1124 | a long operation of the cloud holds up changes of pods
        28 | agic#1229, agic#1092 | addresses of old pods stay in the group
        29 | agic#75, agic#926, agic#725 | slow configuration writes make rollouts fail
        30 | agic#1623 | pods that are not ready are registered
        31 | nginx#7330 | requests go to the address of a pod that is gone
        32 | nginx#11562 | an old endpoint stays after a lost slice
        33 | nginx#4077 | a change is acknowledged and has no effect on traffic
        34 | nginx#6079 | endpoint changes take seconds among a thousand Ingresses
        35 | nginx#768, nginx#795 | requests fail while pods are replaced
        36 | traefik/traefik#13208 | one zone keeps addresses of pods that are gone
        37 | apache/apisix-ingress-controller#2536, aws/aws-application-networking-k8s#476 | after all pods restart the old addresses are served
        38 | lbc#2061, rollouts#1283 | a selector swap leaves pods with gates of another group
        39 | rollouts#3333 | throttling delays a weight while the old pods go
        40 | rollouts#4433 | selector and weight change a moment apart and nothing serves
        41 | rollouts#4834, rollouts#4297, lbc#4204 | targets are checked in an old state
        42 | lbc#4732 | a backend of weight zero has no group to warm up
        43 | lbc#3831, aws/containers-roadmap#2853 | all traffic is moved to a group without healthy servers
        44 | ACK documentation, preStop | without a preStop hook a rollout fails requests
        45 | albc v2.19.1 | a gate is not tried again when the Ingress makes the group
        46 | albc code, readiness | a gate opens as soon as the server is added
        47 | albc code, forty servers | many changed servers are removed before others are added
        """
}
