// SPDX-License-Identifier: Apache-2.0

extension Catalogue {
    /// About what one bad object does to others.
    static let blast = """
        76 | lbc#3790, lbc#3870, lbc#3943, lbc#2241, lbc#2349, lbc#3297, lbc#2669, lbc#4597, lbc PR#1676 | one bad Ingress stops its whole group
        77 | lbc#1319 | a wrong setting of the load balancer stops changes of servers
        78 | agic#894 | a missing Secret empties every listener
        79 | agic#1568, agic#1401 | a Secret that cannot be read for a moment takes the listener down
        80 | agic#1326 | a site that wants TLS is served in plain text first
        81 | agic#728 | a Secret that comes late is never looked at again
        82 | agic#1541 | a failing Ingress holds up servers of another
        83 | agic#1392 | an object that is made again is taken for unchanged
        84 | nginx#3834 | one wrong Secret gives everybody a wrong certificate
        85 | ACK documentation, FAQ | one wrong Ingress blocks all others
        86 | albc code, IngressClass | a class that cannot be read moves Ingresses to another group
        87 | albc code, discovery | a host without certificate stops the build, expired ones are attached
        88 | albc code, ports | a listener that fails is reported as done
        """
}
