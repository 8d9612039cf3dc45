// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The types of the small groups: discovery, coordination, events, autoscaling, policy.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let others = #"""
        DiscoveryEndpointPort { appProtocol:*string name:*string port:*int32 protocol:*string }
        Endpoint { addresses:[string]! conditions:EndpointConditions! deprecatedTopology:{string}
          hints:EndpointHints hostname:*string nodeName:*string targetRef:ObjectReference zone:*string }
        EndpointConditions { ready:*bool serving:*bool terminating:*bool }
        EndpointHints { forNodes:[ForNode] forZones:[ForZone] }
        EndpointSlice { kind:string apiVersion:string metadata:ObjectMeta! addressType:string!
          endpoints:[Endpoint]! ports:[DiscoveryEndpointPort]! }
        EventsV1Event { kind:string apiVersion:string metadata:ObjectMeta! action:string deprecatedCount:int32
          deprecatedFirstTimestamp:Time! deprecatedLastTimestamp:Time! deprecatedSource:EventSource!
          eventTime:MicroTime! note:string reason:string regarding:ObjectReference! related:ObjectReference
          reportingController:string reportingInstance:string series:EventsV1EventSeries type:string }
        EventsV1EventSeries { count:int32! lastObservedTime:MicroTime! }
        Eviction { kind:string apiVersion:string metadata:ObjectMeta! deleteOptions:DeleteOptions }
        ForNode { name:string! }
        ForZone { name:string! }
        Lease { kind:string apiVersion:string metadata:ObjectMeta! spec:LeaseSpec! }
        LeaseSpec { acquireTime:*MicroTime holderIdentity:*string leaseDurationSeconds:*int32
          leaseTransitions:*int32 preferredHolder:*string renewTime:*MicroTime strategy:*string }
        Scale { kind:string apiVersion:string metadata:ObjectMeta! spec:ScaleSpec! status:ScaleStatus! }
        ScaleSpec { replicas:int32 }
        ScaleStatus { replicas:int32! selector:string }
        """#
}
