// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The other types of the core group.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let core = #"""
        AttachedVolume { devicePath:string! name:string! }
        Binding { kind:string apiVersion:string metadata:ObjectMeta! target:ObjectReference! }
        ClientIPConfig { timeoutSeconds:*int32 }
        ConfigMap { kind:string apiVersion:string metadata:ObjectMeta! binaryData:{bytes} data:{string}
          immutable:*bool }
        ConfigMapNodeConfigSource { kubeletConfigKey:string! name:string! namespace:string!
          resourceVersion:string uid:string }
        ContainerImage { names:[string] sizeBytes:int64 }
        DaemonEndpoint { Port:int32! }
        EndpointAddress { hostname:string ip:string! nodeName:*string targetRef:ObjectReference }
        EndpointPort { appProtocol:*string name:string port:int32! protocol:string }
        EndpointSubset { addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[EndpointPort] }
        Endpoints { kind:string apiVersion:string metadata:ObjectMeta! subsets:[EndpointSubset] }
        Event { kind:string apiVersion:string metadata:ObjectMeta! action:string count:int32
          eventTime:MicroTime! firstTimestamp:Time! involvedObject:ObjectReference! lastTimestamp:Time!
          message:string reason:string related:ObjectReference reportingComponent:string!
          reportingInstance:string! series:EventSeries source:EventSource! type:string }
        EventSeries { count:int32 lastObservedTime:MicroTime! }
        EventSource { component:string host:string }
        LoadBalancerIngress { hostname:string ip:string ipMode:*string ports:[PortStatus] }
        LoadBalancerStatus { ingress:[LoadBalancerIngress] }
        LocalObjectReference { name:string! }
        Namespace { kind:string apiVersion:string metadata:ObjectMeta! spec:NamespaceSpec!
          status:NamespaceStatus! }
        NamespaceCondition { lastTransitionTime:Time! message:string reason:string status:string! type:string! }
        NamespaceSpec { finalizers:[string] }
        NamespaceStatus { conditions:[NamespaceCondition]/type phase:string }
        Node { kind:string apiVersion:string metadata:ObjectMeta! spec:NodeSpec! status:NodeStatus! }
        NodeAddress { address:string! type:string! }
        NodeCondition { lastHeartbeatTime:Time! lastTransitionTime:Time! message:string reason:string
          status:string! type:string! }
        NodeConfigSource { configMap:ConfigMapNodeConfigSource }
        NodeConfigStatus { active:NodeConfigSource assigned:NodeConfigSource error:string
          lastKnownGood:NodeConfigSource }
        NodeDaemonEndpoints { kubeletEndpoint:DaemonEndpoint! }
        NodeFeatures { supplementalGroupsPolicy:*bool }
        NodeRuntimeHandler { features:NodeRuntimeHandlerFeatures name:string! }
        NodeRuntimeHandlerFeatures { recursiveReadOnlyMounts:*bool userNamespaces:*bool }
        NodeSpec { configSource:NodeConfigSource externalID:string podCIDR:string podCIDRs:[string]/
          providerID:string taints:[Taint] unschedulable:bool }
        NodeStatus { addresses:[NodeAddress]/type allocatable:{Quantity} capacity:{Quantity}
          conditions:[NodeCondition]/type config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints!
          declaredFeatures:[string] features:NodeFeatures images:[ContainerImage] nodeInfo:NodeSystemInfo!
          phase:string runtimeHandlers:[NodeRuntimeHandler] volumesAttached:[AttachedVolume]
          volumesInUse:[string] }
        NodeSwapStatus { capacity:*int64 }
        NodeSystemInfo { architecture:string! bootID:string! containerRuntimeVersion:string!
          kernelVersion:string! kubeProxyVersion:string! kubeletVersion:string! machineID:string!
          operatingSystem:string! osImage:string! swap:NodeSwapStatus systemUUID:string! }
        ObjectReference { kind:string apiVersion:string fieldPath:string name:string namespace:string
          resourceVersion:string uid:string }
        PortStatus { error:*string port:int32! protocol:string! }
        Secret { kind:string apiVersion:string metadata:ObjectMeta! data:{bytes} immutable:*bool
          stringData:{string} type:string }
        Service { kind:string apiVersion:string metadata:ObjectMeta! spec:ServiceSpec! status:ServiceStatus! }
        ServiceAccount { kind:string apiVersion:string metadata:ObjectMeta! automountServiceAccountToken:*bool
          imagePullSecrets:[LocalObjectReference] secrets:[ObjectReference]/name }
        ServicePort { appProtocol:*string name:string nodePort:int32 port:int32! protocol:string=TCP
          targetPort:IntOrString }
        ServiceSpec { allocateLoadBalancerNodePorts:*bool clusterIP:string clusterIPs:[string]
          externalIPs:[string] externalName:string externalTrafficPolicy:string healthCheckNodePort:int32
          internalTrafficPolicy:*string ipFamilies:[string] ipFamilyPolicy:*string loadBalancerClass:*string
          loadBalancerIP:string loadBalancerSourceRanges:[string] ports:[ServicePort]/port
          publishNotReadyAddresses:bool selector:{string} sessionAffinity:string
          sessionAffinityConfig:SessionAffinityConfig trafficDistribution:*string type:string }
        ServiceStatus { conditions:[Condition]/type loadBalancer:LoadBalancerStatus! }
        SessionAffinityConfig { clientIP:ClientIPConfig }
        Taint { effect:string! key:string! timeAdded:*Time value:string }
        """#
}
