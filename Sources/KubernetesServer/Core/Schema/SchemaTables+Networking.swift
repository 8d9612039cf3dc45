// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The types of the networking group.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let networking = #"""
        HTTPIngressPath { backend:IngressBackend! path:string pathType:*string }
        HTTPIngressRuleValue { paths:[HTTPIngressPath]! }
        IPBlock { cidr:string! except:[string] }
        Ingress { kind:string apiVersion:string metadata:ObjectMeta! spec:IngressSpec! status:IngressStatus! }
        IngressBackend { resource:TypedLocalObjectReference service:IngressServiceBackend }
        IngressClass { kind:string apiVersion:string metadata:ObjectMeta! spec:IngressClassSpec! }
        IngressClassParametersReference { kind:string! apiGroup:*string name:string! namespace:*string
          scope:*string }
        IngressClassSpec { controller:string parameters:IngressClassParametersReference }
        IngressLoadBalancerIngress { hostname:string ip:string ports:[IngressPortStatus] }
        IngressLoadBalancerStatus { ingress:[IngressLoadBalancerIngress] }
        IngressPortStatus { error:*string port:int32! protocol:string! }
        IngressRule { host:string http:HTTPIngressRuleValue }
        IngressServiceBackend { name:string! port:ServiceBackendPort! }
        IngressSpec { defaultBackend:IngressBackend ingressClassName:*string rules:[IngressRule]
          tls:[IngressTLS] }
        IngressStatus { loadBalancer:IngressLoadBalancerStatus! }
        IngressTLS { hosts:[string] secretName:string }
        NetworkPolicy { kind:string apiVersion:string metadata:ObjectMeta! spec:NetworkPolicySpec! }
        NetworkPolicyEgressRule { ports:[NetworkPolicyPort] to:[NetworkPolicyPeer] }
        NetworkPolicyIngressRule { from:[NetworkPolicyPeer] ports:[NetworkPolicyPort] }
        NetworkPolicyPeer { ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector }
        NetworkPolicyPort { endPort:*int32 port:*IntOrString protocol:*string }
        NetworkPolicySpec { egress:[NetworkPolicyEgressRule] ingress:[NetworkPolicyIngressRule]
          podSelector:LabelSelector! policyTypes:[string] }
        ServiceBackendPort { name:string number:int32 }
        """#
}
