// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The types of the apps group.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let apps = #"""
        DaemonSet { kind:string apiVersion:string metadata:ObjectMeta! spec:DaemonSetSpec!
          status:DaemonSetStatus! }
        DaemonSetCondition { lastTransitionTime:Time! message:string reason:string status:string! type:string! }
        DaemonSetSpec { minReadySeconds:int32 revisionHistoryLimit:*int32 selector:LabelSelector
          template:PodTemplateSpec! updateStrategy:DaemonSetUpdateStrategy! }
        DaemonSetStatus { collisionCount:*int32 conditions:[DaemonSetCondition]/type
          currentNumberScheduled:int32! desiredNumberScheduled:int32! numberAvailable:int32
          numberMisscheduled:int32! numberReady:int32! numberUnavailable:int32 observedGeneration:int64
          updatedNumberScheduled:int32 }
        DaemonSetUpdateStrategy { rollingUpdate:RollingUpdateDaemonSet type:string }
        Deployment { kind:string apiVersion:string metadata:ObjectMeta! spec:DeploymentSpec!
          status:DeploymentStatus! }
        DeploymentCondition { lastTransitionTime:Time! lastUpdateTime:Time! message:string reason:string
          status:string! type:string! }
        DeploymentSpec { minReadySeconds:int32 paused:bool progressDeadlineSeconds:*int32 replicas:*int32
          revisionHistoryLimit:*int32 selector:LabelSelector strategy:DeploymentStrategy!
          template:PodTemplateSpec! }
        DeploymentStatus { availableReplicas:int32 collisionCount:*int32 conditions:[DeploymentCondition]/type
          observedGeneration:int64 readyReplicas:int32 replicas:int32 terminatingReplicas:*int32
          unavailableReplicas:int32 updatedReplicas:int32 }
        DeploymentStrategy { rollingUpdate:RollingUpdateDeployment type:string }
        ReplicaSet { kind:string apiVersion:string metadata:ObjectMeta! spec:ReplicaSetSpec!
          status:ReplicaSetStatus! }
        ReplicaSetCondition { lastTransitionTime:Time! message:string reason:string status:string! type:string!
          }
        ReplicaSetSpec { minReadySeconds:int32 replicas:*int32 selector:LabelSelector template:PodTemplateSpec!
          }
        ReplicaSetStatus { availableReplicas:int32 conditions:[ReplicaSetCondition]/type
          fullyLabeledReplicas:int32 observedGeneration:int64 readyReplicas:int32 replicas:int32!
          terminatingReplicas:*int32 }
        RollingUpdateDaemonSet { maxSurge:*IntOrString maxUnavailable:*IntOrString }
        RollingUpdateDeployment { maxSurge:*IntOrString maxUnavailable:*IntOrString }
        RollingUpdateStatefulSetStrategy { maxUnavailable:*IntOrString partition:*int32 }
        StatefulSet { kind:string apiVersion:string metadata:ObjectMeta! spec:StatefulSetSpec!
          status:StatefulSetStatus! }
        StatefulSetCondition { lastTransitionTime:Time! message:string reason:string status:string! type:string!
          }
        StatefulSetOrdinals { start:int32! }
        StatefulSetPersistentVolumeClaimRetentionPolicy { whenDeleted:string whenScaled:string }
        StatefulSetSpec { minReadySeconds:int32 ordinals:StatefulSetOrdinals
          persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
          podManagementPolicy:string replicas:*int32 revisionHistoryLimit:*int32 selector:LabelSelector
          serviceName:string! template:PodTemplateSpec! updateStrategy:StatefulSetUpdateStrategy!
          volumeClaimTemplates:[PersistentVolumeClaim] }
        StatefulSetStatus { availableReplicas:int32! collisionCount:*int32
          conditions:[StatefulSetCondition]/type currentReplicas:int32 currentRevision:string
          observedGeneration:int64 readyReplicas:int32 replicas:int32! updateRevision:string
          updatedReplicas:int32 }
        StatefulSetUpdateStrategy { rollingUpdate:RollingUpdateStatefulSetStrategy type:string }
        """#
}
