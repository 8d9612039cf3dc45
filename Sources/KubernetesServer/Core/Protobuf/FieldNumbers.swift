// SPDX-License-Identifier: Apache-2.0

/// The numbers of the built-in types' fields in the Kubernetes protobuf encoding.
///
/// A type is `Name { field:number … }`, by the names that fields have in JSON. `2.1` is field 1 of a message that is
/// field 2: JSON has no such wrapper. Fields that a schema has and this table has not are left out of the encoding.
///
/// - Source: the field tags of the types that kubectl 1.37 is made of (documented).
enum FieldNumbers {
    static let table = #"""
        APIGroup { name:1 versions:2 preferredVersion:3 serverAddressByClientCIDRs:4 }
        APIGroupList { groups:1 }
        APIResource { name:1 singularName:6 namespaced:2 group:8 version:9 kind:3 verbs:4 shortNames:5
          categories:7 storageVersionHash:10 }
        APIResourceList { groupVersion:1 resources:2 }
        APIService { metadata:1 spec:2 status:3 }
        APIServiceCondition { type:1 status:2 lastTransitionTime:3 reason:4 message:5 }
        APIServiceReference { namespace:1 name:2 port:3 }
        APIServiceSpec { service:1 group:2 version:3 insecureSkipTLSVerify:4 caBundle:5
          groupPriorityMinimum:7 versionPriority:8 }
        APIServiceStatus { conditions:1 }
        APIVersions { versions:1 serverAddressByClientCIDRs:2 }
        AWSElasticBlockStoreVolumeSource { volumeID:1 fsType:2 partition:3 readOnly:4 }
        Affinity { nodeAffinity:1 podAffinity:2 podAntiAffinity:3 }
        AggregationRule { clusterRoleSelectors:1 }
        AppArmorProfile { type:1 localhostProfile:2 }
        AttachedVolume { name:1 devicePath:2 }
        AzureDiskVolumeSource { diskName:1 diskURI:2 cachingMode:3 fsType:4 readOnly:5 kind:6 }
        AzureFileVolumeSource { secretName:1 shareName:2 readOnly:3 }
        Binding { metadata:1 target:2 }
        BoundObjectReference { kind:1 apiVersion:2 name:3 uid:4 }
        CSIVolumeSource { driver:1 readOnly:2 fsType:3 volumeAttributes:4 nodePublishSecretRef:5 }
        Capabilities { add:1 drop:2 }
        CephFSVolumeSource { monitors:1 path:2 user:3 secretFile:4 secretRef:5 readOnly:6 }
        CinderVolumeSource { volumeID:1 fsType:2 readOnly:3 secretRef:4 }
        ClientIPConfig { timeoutSeconds:1 }
        ClusterRole { metadata:1 rules:2 aggregationRule:3 }
        ClusterRoleBinding { metadata:1 subjects:2 roleRef:3 }
        ClusterTrustBundleProjection { name:1 signerName:2 labelSelector:3 optional:5 path:4 user:6 }
        Condition { type:1 status:2 observedGeneration:3 lastTransitionTime:4 reason:5 message:6 }
        ConfigMap { metadata:1 immutable:4 data:2 binaryData:3 }
        ConfigMapEnvSource { name:1.1 optional:2 }
        ConfigMapKeySelector { name:1.1 key:2 optional:3 }
        ConfigMapNodeConfigSource { namespace:1 name:2 uid:3 resourceVersion:4 kubeletConfigKey:5 }
        ConfigMapProjection { name:1.1 items:2 optional:4 }
        ConfigMapVolumeSource { name:1.1 items:2 defaultMode:3 optional:4 defaultUser:5 }
        Container { name:1 image:2 command:3 args:4 workingDir:5 ports:6 envFrom:19 env:7 resources:8
          resizePolicy:23 restartPolicy:24 restartPolicyRules:25 volumeMounts:9 volumeDevices:21
          livenessProbe:10 readinessProbe:11 startupProbe:22 lifecycle:12 terminationMessagePath:13
          terminationMessagePolicy:20 imagePullPolicy:14 securityContext:15 stdin:16 stdinOnce:17
          tty:18 }
        ContainerExtendedResourceRequest { containerName:1 resourceName:2 requestName:3 }
        ContainerImage { names:1 sizeBytes:2 }
        ContainerPort { name:1 hostPort:2 containerPort:3 protocol:4 hostIP:5 }
        ContainerResizePolicy { resourceName:1 restartPolicy:2 }
        ContainerRestartRule { action:1 exitCodes:2 }
        ContainerRestartRuleOnExitCodes { operator:1 values:2 }
        ContainerState { waiting:1 running:2 terminated:3 }
        ContainerStateRunning { startedAt:1 }
        ContainerStateTerminated { exitCode:1 signal:2 reason:3 message:4 startedAt:5 finishedAt:6
          containerID:7 }
        ContainerStateWaiting { reason:1 message:2 }
        ContainerStatus { name:1 state:2 lastState:3 ready:4 restartCount:5 image:6 imageID:7
          containerID:8 started:9 allocatedResources:10 resources:11 volumeMounts:12 user:13
          allocatedResourcesStatus:14 stopSignal:15 }
        ContainerUser { linux:1 }
        CreateOptions { dryRun:1 fieldManager:3 fieldValidation:4 }
        CronJob { metadata:1 spec:2 status:3 }
        CronJobSpec { schedule:1 timeZone:8 startingDeadlineSeconds:2 concurrencyPolicy:3 suspend:4
          jobTemplate:5 successfulJobsHistoryLimit:6 failedJobsHistoryLimit:7 }
        CronJobStatus { active:1 lastScheduleTime:4 lastSuccessfulTime:5 }
        CustomResourceColumnDefinition { name:1 type:2 format:3 description:4 priority:5 jsonPath:6 }
        CustomResourceConversion { strategy:1 webhook:2 }
        CustomResourceDefinition { metadata:1 spec:2 status:3 }
        CustomResourceDefinitionCondition { type:1 status:2 lastTransitionTime:3 reason:4 message:5
          observedGeneration:6 }
        CustomResourceDefinitionNames { plural:1 singular:2 shortNames:3 kind:4 listKind:5
          categories:6 }
        CustomResourceDefinitionSpec { group:1 names:3 scope:4 versions:7 conversion:9
          preserveUnknownFields:10 }
        CustomResourceDefinitionStatus { conditions:1 acceptedNames:2 storedVersions:3
          observedGeneration:4 }
        CustomResourceDefinitionVersion { name:1 served:2 storage:3 schema:4 subresources:5
          additionalPrinterColumns:6 deprecated:7 deprecationWarning:8 selectableFields:9 }
        CustomResourceSubresourceScale { specReplicasPath:1 statusReplicasPath:2 labelSelectorPath:3 }
        CustomResourceSubresourceStatus {  }
        CustomResourceSubresources { status:1 scale:2 }
        CustomResourceValidation { openAPIV3Schema:1 }
        DaemonEndpoint { Port:1 }
        DaemonSet { metadata:1 spec:2 status:3 }
        DaemonSetCondition { type:1 status:2 lastTransitionTime:3 reason:4 message:5 }
        DaemonSetSpec { selector:1 template:2 updateStrategy:3 minReadySeconds:4
          revisionHistoryLimit:6 }
        DaemonSetStatus { currentNumberScheduled:1 numberMisscheduled:2 desiredNumberScheduled:3
          numberReady:4 observedGeneration:5 updatedNumberScheduled:6 numberAvailable:7
          numberUnavailable:8 collisionCount:9 conditions:10 }
        DaemonSetUpdateStrategy { type:1 rollingUpdate:2 }
        DeleteOptions { gracePeriodSeconds:1 preconditions:2 orphanDependents:3 propagationPolicy:4
          dryRun:5 ignoreStoreReadErrorWithClusterBreakingPotential:6 }
        Deployment { metadata:1 spec:2 status:3 }
        DeploymentCondition { type:1 status:2 lastUpdateTime:6 lastTransitionTime:7 reason:4 message:5
          }
        DeploymentSpec { replicas:1 selector:2 template:3 strategy:4 minReadySeconds:5
          revisionHistoryLimit:6 paused:7 progressDeadlineSeconds:9 }
        DeploymentStatus { observedGeneration:1 replicas:2 updatedReplicas:3 readyReplicas:7
          availableReplicas:4 unavailableReplicas:5 terminatingReplicas:9 conditions:6
          collisionCount:8 }
        DeploymentStrategy { type:1 rollingUpdate:2 }
        DiscoveryEndpointPort { name:1 protocol:2 port:3 appProtocol:4 }
        DownwardAPIProjection { items:1 }
        DownwardAPIVolumeFile { path:1 fieldRef:2 resourceFieldRef:3 mode:4 user:5 }
        DownwardAPIVolumeSource { items:1 defaultMode:2 defaultUser:3 }
        EmptyDirVolumeSource { medium:1 sizeLimit:2 mode:3 }
        Endpoint { addresses:1 conditions:2 hostname:3 targetRef:4 deprecatedTopology:5 nodeName:6
          zone:7 hints:8 }
        EndpointAddress { ip:1 hostname:3 nodeName:4 targetRef:2 }
        EndpointConditions { ready:1 serving:2 terminating:3 }
        EndpointHints { forZones:1 forNodes:2 }
        EndpointPort { name:1 port:2 protocol:3 appProtocol:4 }
        EndpointSlice { metadata:1 addressType:4 endpoints:2 ports:3 }
        EndpointSubset { addresses:1 notReadyAddresses:2 ports:3 }
        Endpoints { metadata:1 subsets:2 }
        EnvFromSource { prefix:1 configMapRef:2 secretRef:3 }
        EnvVar { name:1 value:2 valueFrom:3 }
        EnvVarSource { fieldRef:1 resourceFieldRef:2 configMapKeyRef:3 secretKeyRef:4 fileKeyRef:5 }
        EphemeralContainer { name:1.1 image:1.2 command:1.3 args:1.4 workingDir:1.5 ports:1.6
          envFrom:1.19 env:1.7 resources:1.8 resizePolicy:1.23 restartPolicy:1.24
          restartPolicyRules:1.25 volumeMounts:1.9 volumeDevices:1.21 livenessProbe:1.10
          readinessProbe:1.11 startupProbe:1.22 lifecycle:1.12 terminationMessagePath:1.13
          terminationMessagePolicy:1.20 imagePullPolicy:1.14 securityContext:1.15 stdin:1.16
          stdinOnce:1.17 tty:1.18 targetContainerName:2 }
        EphemeralVolumeSource { volumeClaimTemplate:1 }
        Event { metadata:1 involvedObject:2 reason:3 message:4 source:5 firstTimestamp:6
          lastTimestamp:7 count:8 type:9 eventTime:10 series:11 action:12 related:13
          reportingComponent:14 reportingInstance:15 }
        EventSeries { count:1 lastObservedTime:2 }
        EventSource { component:1 host:2 }
        EventsV1Event { metadata:1 eventTime:2 series:3 reportingController:4 reportingInstance:5
          action:6 reason:7 regarding:8 related:9 note:10 type:11 deprecatedSource:12
          deprecatedFirstTimestamp:13 deprecatedLastTimestamp:14 deprecatedCount:15 }
        EventsV1EventSeries { count:1 lastObservedTime:2 }
        Eviction { metadata:1 deleteOptions:2 }
        ExecAction { command:1 }
        ExternalDocumentation { description:1 url:2 }
        FCVolumeSource { targetWWNs:1 lun:2 fsType:3 readOnly:4 wwids:5 }
        FieldSelectorAttributes { rawSelector:1 requirements:2 }
        FieldSelectorRequirement { key:1 operator:2 values:3 }
        FileKeySelector { volumeName:1 path:2 key:3 optional:4 }
        FlexVolumeSource { driver:1 fsType:2 secretRef:3 readOnly:4 options:5 }
        FlockerVolumeSource { datasetName:1 datasetUUID:2 }
        ForNode { name:1 }
        ForZone { name:1 }
        GCEPersistentDiskVolumeSource { pdName:1 fsType:2 partition:3 readOnly:4 }
        GRPCAction { port:1 service:2 mode:3 }
        GitRepoVolumeSource { repository:1 revision:2 directory:3 }
        GlusterfsVolumeSource { endpoints:1 path:2 readOnly:3 }
        GroupVersionForDiscovery { groupVersion:1 version:2 }
        HTTPGetAction { path:1 port:2 host:3 scheme:4 httpHeaders:5 protocol:6 }
        HTTPHeader { name:1 value:2 }
        HTTPIngressPath { path:1 pathType:3 backend:2 }
        HTTPIngressRuleValue { paths:1 }
        HostAlias { ip:1 hostnames:2 }
        HostIP { ip:1 }
        HostPathVolumeSource { path:1 type:2 }
        IPBlock { cidr:1 except:2 }
        ISCSIVolumeSource { targetPortal:1 iqn:2 lun:3 iscsiInterface:4 fsType:5 readOnly:6 portals:7
          chapAuthDiscovery:8 chapAuthSession:11 secretRef:10 initiatorName:12 }
        ImageVolumeSource { reference:1 pullPolicy:2 }
        ImageVolumeStatus { imageRef:1 }
        Ingress { metadata:1 spec:2 status:3 }
        IngressBackend { service:4 resource:3 }
        IngressClass { metadata:1 spec:2 }
        IngressClassParametersReference { apiGroup:1 kind:2 name:3 scope:4 namespace:5 }
        IngressClassSpec { controller:1 parameters:2 }
        IngressLoadBalancerIngress { ip:1 hostname:2 ports:4 }
        IngressLoadBalancerStatus { ingress:1 }
        IngressPortStatus { port:1 protocol:2 error:3 }
        IngressRule { host:1 http:2.1 }
        IngressServiceBackend { name:1 port:2 }
        IngressSpec { ingressClassName:4 defaultBackend:1 tls:2 rules:3 }
        IngressStatus { loadBalancer:1 }
        IngressTLS { hosts:1 secretName:2 }
        JSONSchemaProps { id:1 $schema:2 $ref:3 description:4 type:5 format:6 title:7 default:8
          maximum:9 exclusiveMaximum:10 minimum:11 exclusiveMinimum:12 maxLength:13 minLength:14
          pattern:15 maxItems:16 minItems:17 uniqueItems:18 multipleOf:19 enum:20 maxProperties:21
          minProperties:22 required:23 items:24 allOf:25 oneOf:26 anyOf:27 not:28 properties:29
          additionalProperties:30 patternProperties:31 dependencies:32 additionalItems:33
          definitions:34 externalDocs:35 example:36 nullable:37
          x-kubernetes-preserve-unknown-fields:38 x-kubernetes-embedded-resource:39
          x-kubernetes-int-or-string:40 x-kubernetes-list-map-keys:41 x-kubernetes-list-type:42
          x-kubernetes-map-type:43 x-kubernetes-validations:44 }
        Job { metadata:1 spec:2 status:3 }
        JobCondition { type:1 status:2 lastProbeTime:3 lastTransitionTime:4 reason:5 message:6 }
        JobSchedulingConfiguration { schedulingPolicy:1 schedulingConstraints:2 disruptionMode:3
          resourceClaims:4 }
        JobSpec { parallelism:1 completions:2 activeDeadlineSeconds:3 podFailurePolicy:11
          successPolicy:16 backoffLimit:7 backoffLimitPerIndex:12 maxFailedIndexes:13 selector:4
          manualSelector:5 template:6 ttlSecondsAfterFinished:8 completionMode:9 suspend:10
          podReplacementPolicy:14 managedBy:15 scheduling:17 }
        JobStatus { conditions:1 startTime:2 completionTime:3 active:4 succeeded:5 failed:6
          terminating:11 completedIndexes:7 failedIndexes:10 uncountedTerminatedPods:8 ready:9 }
        JobTemplateSpec { metadata:1 spec:2 }
        KeyToPath { key:1 path:2 mode:3 user:4 }
        LabelSelector { matchLabels:1 matchExpressions:2 }
        LabelSelectorAttributes { rawSelector:1 requirements:2 }
        LabelSelectorRequirement { key:1 operator:2 values:3 }
        Lease { metadata:1 spec:2 }
        LeaseSpec { holderIdentity:1 leaseDurationSeconds:2 acquireTime:3 renewTime:4
          leaseTransitions:5 strategy:6 preferredHolder:7 }
        Lifecycle { postStart:1 preStop:2 stopSignal:3 }
        LifecycleHandler { exec:1 httpGet:2 tcpSocket:3 sleep:4 }
        LinuxContainerUser { uid:1 gid:2 supplementalGroups:3 }
        ListMeta { selfLink:1 resourceVersion:2 continue:3 remainingItemCount:4 shardInfo:5 }
        LoadBalancerIngress { ip:1 hostname:2 ipMode:3 ports:4 }
        LoadBalancerStatus { ingress:1 }
        LocalObjectReference { name:1 }
        LocalSubjectAccessReview { metadata:1 spec:2 status:3 }
        ManagedFieldsEntry { manager:1 operation:2 apiVersion:3 time:4 fieldsType:6 fieldsV1:7
          subresource:8 }
        ModifyVolumeStatus { targetVolumeAttributesClassName:1 status:2 }
        NFSVolumeSource { server:1 path:2 readOnly:3 }
        Namespace { metadata:1 spec:2 status:3 }
        NamespaceCondition { type:1 status:2 lastTransitionTime:4 reason:5 message:6 }
        NamespaceSpec { finalizers:1 }
        NamespaceStatus { phase:1 conditions:2 }
        NetworkPolicy { metadata:1 spec:2 }
        NetworkPolicyEgressRule { ports:1 to:2 }
        NetworkPolicyIngressRule { ports:1 from:2 }
        NetworkPolicyPeer { podSelector:1 namespaceSelector:2 ipBlock:3 }
        NetworkPolicyPort { protocol:1 port:2 endPort:3 }
        NetworkPolicySpec { podSelector:1 ingress:2 egress:3 policyTypes:4 }
        Node { metadata:1 spec:2 status:3 }
        NodeAddress { type:1 address:2 }
        NodeAffinity { requiredDuringSchedulingIgnoredDuringExecution:1
          preferredDuringSchedulingIgnoredDuringExecution:2 }
        NodeAllocatableResourceClaimStatus { resourceClaimName:1 containers:2 mapping:4 overhead:5 }
        NodeCondition { type:1 status:2 lastHeartbeatTime:3 lastTransitionTime:4 reason:5 message:6 }
        NodeConfigSource { configMap:2 }
        NodeConfigStatus { assigned:1 active:2 lastKnownGood:3 error:4 }
        NodeDaemonEndpoints { kubeletEndpoint:1 }
        NodeFeatures { supplementalGroupsPolicy:1 }
        NodeRuntimeHandler { name:1 features:2 }
        NodeRuntimeHandlerFeatures { recursiveReadOnlyMounts:1 userNamespaces:2 }
        NodeSelector { nodeSelectorTerms:1 }
        NodeSelectorRequirement { key:1 operator:2 values:3 }
        NodeSelectorTerm { matchExpressions:1 matchFields:2 }
        NodeSpec { podCIDR:1 podCIDRs:7 providerID:3 unschedulable:4 taints:5 configSource:6
          externalID:2 podPreemptionPolicy:8 }
        NodeStatus { capacity:1 allocatable:2 phase:3 conditions:4 addresses:5 daemonEndpoints:6
          nodeInfo:7 images:8 volumesInUse:9 volumesAttached:10 config:11 runtimeHandlers:12
          features:13 declaredFeatures:14 }
        NodeSwapStatus { capacity:1 }
        NodeSystemInfo { machineID:1 systemUUID:2 bootID:3 kernelVersion:4 osImage:5
          containerRuntimeVersion:6 kubeletVersion:7 kubeProxyVersion:8 operatingSystem:9
          architecture:10 swap:11 runningInUserNamespace:12 }
        NonResourceAttributes { path:1 verb:2 }
        NonResourceRule { verbs:1 nonResourceURLs:2 }
        ObjectFieldSelector { apiVersion:1 fieldPath:2 }
        ObjectMeta { name:1 generateName:2 namespace:3 selfLink:4 uid:5 resourceVersion:6 generation:7
          creationTimestamp:8 deletionTimestamp:9 deletionGracePeriodSeconds:10 labels:11
          annotations:12 ownerReferences:13 finalizers:14 managedFields:17 }
        ObjectReference { kind:1 namespace:2 name:3 uid:4 apiVersion:5 resourceVersion:6 fieldPath:7 }
        OwnerReference { apiVersion:5 kind:1 name:3 uid:4 controller:6 blockOwnerDeletion:7 }
        PartialObjectMetadata { metadata:1 }
        PersistentVolumeClaim { metadata:1 spec:2 status:3 }
        PersistentVolumeClaimCondition { type:1 status:2 lastProbeTime:3 lastTransitionTime:4 reason:5
          message:6 }
        PersistentVolumeClaimSpec { accessModes:1 selector:4 resources:2 volumeName:3
          storageClassName:5 volumeMode:6 dataSource:7 dataSourceRef:8 volumeAttributesClassName:9 }
        PersistentVolumeClaimStatus { phase:1 accessModes:2 capacity:3 conditions:4
          allocatedResources:5 allocatedResourceStatuses:7 currentVolumeAttributesClassName:8
          modifyVolumeStatus:9 healthStatus:10 }
        PersistentVolumeClaimTemplate { metadata:1 spec:2 }
        PersistentVolumeClaimVolumeSource { claimName:1 readOnly:2 }
        PhotonPersistentDiskVolumeSource { pdID:1 fsType:2 }
        Pod { metadata:1 spec:2 status:3 }
        PodAffinity { requiredDuringSchedulingIgnoredDuringExecution:1
          preferredDuringSchedulingIgnoredDuringExecution:2 }
        PodAffinityTerm { labelSelector:1 namespaces:2 topologyKey:3 namespaceSelector:4
          matchLabelKeys:5 mismatchLabelKeys:6 }
        PodAntiAffinity { requiredDuringSchedulingIgnoredDuringExecution:1
          preferredDuringSchedulingIgnoredDuringExecution:2 }
        PodCertificateProjection { signerName:1 keyType:2 maxExpirationSeconds:3
          credentialBundlePath:4 keyPath:5 certificateChainPath:6 userAnnotations:7 user:8 }
        PodCondition { type:1 observedGeneration:7 status:2 lastProbeTime:3 lastTransitionTime:4
          reason:5 message:6 }
        PodDNSConfig { nameservers:1 searches:2 options:3 }
        PodDNSConfigOption { name:1 value:2 }
        PodDisruptionBudget { metadata:1 spec:2 status:3 }
        PodDisruptionBudgetSpec { minAvailable:1 selector:2 maxUnavailable:3
          unhealthyPodEvictionPolicy:4 }
        PodDisruptionBudgetStatus { observedGeneration:1 disruptedPods:2 disruptionsAllowed:3
          currentHealthy:4 desiredHealthy:5 expectedPods:6 conditions:7 }
        PodExtendedResourceClaimStatus { requestMappings:1 resourceClaimName:2 }
        PodFailurePolicy { rules:1 }
        PodFailurePolicyOnExitCodesRequirement { containerName:1 operator:2 values:3 }
        PodFailurePolicyOnPodConditionsPattern { type:1 status:2 }
        PodFailurePolicyRule { action:1 onExitCodes:2 onPodConditions:3 }
        PodIP { ip:1 }
        PodOS { name:1 }
        PodReadinessGate { conditionType:1 }
        PodResourceClaim { name:1 resourceClaimName:3 resourceClaimTemplateName:4 }
        PodResourceClaimStatus { name:1 resourceClaimName:2 }
        PodSchedulingGate { name:1 }
        PodSchedulingGroup { podGroupName:1 }
        PodSecurityContext { seLinuxOptions:1 windowsOptions:8 runAsUser:2 runAsGroup:6 runAsNonRoot:3
          supplementalGroups:4 supplementalGroupsPolicy:12 fsGroup:5 sysctls:7 fsGroupChangePolicy:9
          seccompProfile:10 appArmorProfile:11 seLinuxChangePolicy:13 }
        PodSpec { volumes:1 initContainers:20 containers:2 ephemeralContainers:34 restartPolicy:3
          terminationGracePeriodSeconds:4 activeDeadlineSeconds:5 dnsPolicy:6 nodeSelector:7
          serviceAccountName:8 serviceAccount:9 automountServiceAccountToken:21 nodeName:10
          hostNetwork:11 hostPID:12 hostIPC:13 shareProcessNamespace:27 securityContext:14
          imagePullSecrets:15 hostname:16 subdomain:17 affinity:18 schedulerName:19 tolerations:22
          hostAliases:23 priorityClassName:24 priority:25 dnsConfig:26 readinessGates:28
          runtimeClassName:29 enableServiceLinks:30 preemptionPolicy:31 overhead:32
          topologySpreadConstraints:33 setHostnameAsFQDN:35 os:36 hostUsers:37 schedulingGates:38
          resourceClaims:39 resources:40 hostnameOverride:41 schedulingGroup:43 evictionResponders:44
          }
        PodStatus { observedGeneration:17 phase:1 conditions:2 message:3 reason:4 nominatedNodeName:11
          hostIP:5 hostIPs:16 podIP:6 podIPs:12 startTime:7 initContainerStatuses:10
          containerStatuses:8 qosClass:9 ephemeralContainerStatuses:13 resize:14
          resourceClaimStatuses:15 extendedResourceClaimStatus:18 allocatedResources:19 resources:20
          nodeAllocatableResourceClaimStatuses:21 volumeHealth:22 }
        PodTemplateSpec { metadata:1 spec:2 }
        PolicyRule { verbs:1 apiGroups:2 resources:3 resourceNames:4 nonResourceURLs:5 }
        PortStatus { port:1 protocol:2 error:3 }
        PortworxVolumeSource { volumeID:1 fsType:2 readOnly:3 }
        Preconditions { uid:1 resourceVersion:2 }
        PreferredSchedulingTerm { weight:1 preference:2 }
        PriorityClass { metadata:1 value:2 globalDefault:3 description:4 preemptionPolicy:5 }
        Probe { exec:1.1 httpGet:1.2 tcpSocket:1.3 grpc:1.4 initialDelaySeconds:2 timeoutSeconds:3
          periodSeconds:4 successThreshold:5 failureThreshold:6 terminationGracePeriodSeconds:7 }
        ProjectedVolumeSource { sources:1 defaultMode:2 defaultUser:3 }
        QuobyteVolumeSource { registry:1 volume:2 readOnly:3 user:4 group:5 tenant:6 }
        RBDVolumeSource { monitors:1 image:2 fsType:3 pool:4 user:5 keyring:6 secretRef:7 readOnly:8 }
        ReplicaSet { metadata:1 spec:2 status:3 }
        ReplicaSetCondition { type:1 status:2 lastTransitionTime:3 reason:4 message:5 }
        ReplicaSetSpec { replicas:1 minReadySeconds:4 selector:2 template:3 }
        ReplicaSetStatus { replicas:1 fullyLabeledReplicas:2 readyReplicas:4 availableReplicas:5
          terminatingReplicas:7 observedGeneration:3 conditions:6 }
        ResourceAttributes { namespace:1 verb:2 group:3 version:4 resource:5 subresource:6 name:7
          fieldSelector:8 labelSelector:9 }
        ResourceClaim { name:1 request:2 }
        ResourceFieldSelector { containerName:1 resource:2 divisor:3 }
        ResourceHealth { resourceID:1 health:2 message:6 }
        ResourceRequirements { limits:1 requests:2 claims:3 }
        ResourceRule { verbs:1 apiGroups:2 resources:3 resourceNames:4 }
        ResourceStatus { name:1 resources:2 }
        Role { metadata:1 rules:2 }
        RoleBinding { metadata:1 subjects:2 roleRef:3 }
        RoleRef { apiGroup:1 kind:2 name:3 }
        RollingUpdateDaemonSet { maxUnavailable:1 maxSurge:2 }
        RollingUpdateDeployment { maxUnavailable:1 maxSurge:2 }
        RollingUpdateStatefulSetStrategy { partition:1 maxUnavailable:2 }
        SELinuxOptions { user:1 role:2 type:3 level:4 }
        Scale { metadata:1 spec:2 status:3 }
        ScaleIOVolumeSource { gateway:1 system:2 secretRef:3 sslEnabled:4 protectionDomain:5
          storagePool:6 storageMode:7 volumeName:8 fsType:9 readOnly:10 }
        ScaleSpec { replicas:1 }
        ScaleStatus { replicas:1 selector:2 }
        SeccompProfile { type:1 localhostProfile:2 }
        Secret { metadata:1 immutable:5 data:2 stringData:4 type:3 }
        SecretEnvSource { name:1.1 optional:2 }
        SecretKeySelector { name:1.1 key:2 optional:3 }
        SecretProjection { name:1.1 items:2 optional:4 }
        SecretVolumeSource { secretName:1 items:2 defaultMode:3 optional:4 defaultUser:5 }
        SecurityContext { capabilities:1 privileged:2 seLinuxOptions:3 windowsOptions:10 runAsUser:4
          runAsGroup:8 runAsNonRoot:5 readOnlyRootFilesystem:6 allowPrivilegeEscalation:7 procMount:9
          seccompProfile:11 appArmorProfile:12 }
        SelectableField { jsonPath:1 }
        SelfSubjectAccessReview { metadata:1 spec:2 status:3 }
        SelfSubjectAccessReviewSpec { resourceAttributes:1 nonResourceAttributes:2 }
        SelfSubjectReview { metadata:1 status:2 }
        SelfSubjectReviewStatus { userInfo:1 }
        SelfSubjectRulesReview { metadata:1 spec:2 status:3 }
        SelfSubjectRulesReviewSpec { namespace:1 }
        ServerAddressByClientCIDR { clientCIDR:1 serverAddress:2 }
        Service { metadata:1 spec:2 status:3 }
        ServiceAccount { metadata:1 secrets:2 imagePullSecrets:3 automountServiceAccountToken:4 }
        ServiceAccountTokenProjection { audience:1 expirationSeconds:2 path:3 user:4 }
        ServiceBackendPort { name:1 number:2 }
        ServicePort { name:1 protocol:2 appProtocol:6 port:3 targetPort:4 nodePort:5 }
        ServiceReference { namespace:1 name:2 path:3 port:4 }
        ServiceSpec { ports:1 selector:2 clusterIP:3 clusterIPs:18 type:4 externalIPs:5
          sessionAffinity:7 loadBalancerIP:8 loadBalancerSourceRanges:9 externalName:10
          externalTrafficPolicy:11 healthCheckNodePort:12 publishNotReadyAddresses:13
          sessionAffinityConfig:14 ipFamilies:19 ipFamilyPolicy:17 allocateLoadBalancerNodePorts:20
          loadBalancerClass:21 internalTrafficPolicy:22 trafficDistribution:23 }
        ServiceStatus { loadBalancer:1 conditions:2 }
        SessionAffinityConfig { clientIP:1 }
        SleepAction { seconds:1 }
        StatefulSet { metadata:1 spec:2 status:3 }
        StatefulSetCondition { type:1 status:2 lastTransitionTime:3 reason:4 message:5 }
        StatefulSetOrdinals { start:1 }
        StatefulSetPersistentVolumeClaimRetentionPolicy { whenDeleted:1 whenScaled:2 }
        StatefulSetSpec { replicas:1 selector:2 template:3 volumeClaimTemplates:4 serviceName:5
          podManagementPolicy:6 updateStrategy:7 revisionHistoryLimit:8 minReadySeconds:9
          persistentVolumeClaimRetentionPolicy:10 ordinals:11 }
        StatefulSetStatus { observedGeneration:1 replicas:2 readyReplicas:3 currentReplicas:4
          updatedReplicas:5 currentRevision:6 updateRevision:7 collisionCount:9 conditions:10
          availableReplicas:11 }
        StatefulSetUpdateStrategy { type:1 rollingUpdate:2 }
        Status { metadata:1 status:2 message:3 reason:4 details:5 code:6 }
        StatusCause { reason:1 message:2 field:3 }
        StatusDetails { name:1 group:2 kind:3 uid:6 causes:4 retryAfterSeconds:5 }
        StorageOSVolumeSource { volumeName:1 volumeNamespace:2 fsType:3 readOnly:4 secretRef:5 }
        Subject { kind:1 apiGroup:2 name:3 namespace:4 }
        SubjectAccessReview { metadata:1 spec:2 status:3 }
        SubjectAccessReviewSpec { resourceAttributes:1 nonResourceAttributes:2 user:3 groups:4 extra:5
          uid:6 }
        SubjectAccessReviewStatus { allowed:1 denied:4 reason:2 evaluationError:3 }
        SubjectRulesReviewStatus { resourceRules:1 nonResourceRules:2 incomplete:3 evaluationError:4 }
        SuccessPolicy { rules:1 }
        SuccessPolicyRule { succeededIndexes:1 succeededCount:2 }
        Sysctl { name:1 value:2 }
        TCPSocketAction { port:1 host:2 }
        Taint { key:1 value:2 effect:3 timeAdded:4 }
        TokenRequest { metadata:1 spec:2 status:3 }
        TokenRequestSpec { audiences:1 expirationSeconds:4 boundObjectRef:3 attestations:5 }
        TokenRequestStatus { token:1 expirationTimestamp:2 }
        TokenReview { metadata:1 spec:2 status:3 }
        TokenReviewSpec { token:1 audiences:2 }
        TokenReviewStatus { authenticated:1 user:2 audiences:4 error:3 }
        Toleration { key:1 operator:2 value:3 effect:4 tolerationSeconds:5 }
        TopologySpreadConstraint { maxSkew:1 topologyKey:2 whenUnsatisfiable:3 labelSelector:4
          minDomains:5 nodeAffinityPolicy:6 nodeTaintsPolicy:7 matchLabelKeys:8 }
        TypedLocalObjectReference { apiGroup:1 kind:2 name:3 }
        TypedObjectReference { apiGroup:1 kind:2 name:3 namespace:4 }
        UncountedTerminatedPods { succeeded:1 failed:2 }
        UserInfo { username:1 uid:2 groups:3 extra:4 }
        ValidationRule { rule:1 message:2 messageExpression:3 reason:4 fieldPath:5 optionalOldSelf:6 }
        Volume { name:1 hostPath:2.1 emptyDir:2.2 gcePersistentDisk:2.3 awsElasticBlockStore:2.4
          gitRepo:2.5 secret:2.6 nfs:2.7 iscsi:2.8 glusterfs:2.9 persistentVolumeClaim:2.10 rbd:2.11
          flexVolume:2.12 cinder:2.13 cephfs:2.14 flocker:2.15 downwardAPI:2.16 fc:2.17 azureFile:2.18
          configMap:2.19 vsphereVolume:2.20 quobyte:2.21 azureDisk:2.22 photonPersistentDisk:2.23
          projected:2.26 portworxVolume:2.24 scaleIO:2.25 storageos:2.27 csi:2.28 ephemeral:2.29
          image:2.30 }
        VolumeDevice { name:1 devicePath:2 }
        VolumeMount { name:1 readOnly:2 recursiveReadOnly:7 mountPath:3 subPath:4 mountPropagation:5
          subPathExpr:6 bindMountOptions:8 }
        VolumeMountStatus { name:1 mountPath:2 readOnly:3 recursiveReadOnly:4 volumeStatus:5 }
        VolumeProjection { secret:1 downwardAPI:2 configMap:3 serviceAccountToken:4
          clusterTrustBundle:5 podCertificate:6 }
        VolumeResourceRequirements { limits:1 requests:2 }
        VolumeStatus { image:1 }
        VsphereVirtualDiskVolumeSource { volumePath:1 fsType:2 storagePolicyName:3 storagePolicyID:4 }
        WatchEvent { type:1 object:2 }
        WebhookClientConfig { service:1 caBundle:2 url:3 }
        WebhookConversion { clientConfig:2 conversionReviewVersions:3 }
        WeightedPodAffinityTerm { weight:1 podAffinityTerm:2 }
        WindowsSecurityContextOptions { gmsaCredentialSpecName:1 gmsaCredentialSpec:2 runAsUserName:3
          hostProcess:4 }
        """#
}
