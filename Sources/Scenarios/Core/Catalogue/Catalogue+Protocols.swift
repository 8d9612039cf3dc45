// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About protocols, sessions, health checks.
    static let protocols = """
        167 | lbc#2804, lbc#4052, lbc#1883, lbc#1662 | a gRPC group with HTTP codes is refused
        168 | lbc#2694, argoproj/argo-cd#21328 | checks speak another version than the servers
        169 | nginx#2461, nginx#7115, nginx#9516, nginx#3953, nginx#11515, nginx#2647, Octops/gameserver-ingress-controller#21, jcmoraisjr/haproxy-ingress#865 | long connections break with unrelated changes
        170 | nginx#3089, nginx#12399 | an unrelated Ingress loses sessions
        171 | nginx#7960, nginx#2711, nginx#9154 | sticky sessions move with scaling
        172 | envoyproxy/gateway#5005, joryirving/home-ops#9824 | HTTP/3 is advertised where nothing listens
        173 | davidmerfield/blot#1951 | HTTP/3 takes another route than HTTP/1
        174 | dotnet/aspnetcore#68118 | a client that changes its address loses its connection
        175 | alibaba/tengine-ingress PR#29 | QUIC shows the old certificate
        176 | ALB documentation, status codes | the load balancer's own statuses
        177 | ALB documentation, 502 | backends refuse the load balancer's addresses
        178 | derived from slow start | new servers take more than they can
        """
}
