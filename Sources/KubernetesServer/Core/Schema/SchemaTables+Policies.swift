// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// Disruption budgets, jobs, roles and the listing of API groups.
    ///
    /// - Source: the API reference of Kubernetes 1.36 (documented).
    static let policies = #"""
        APIService { kind:string apiVersion:string metadata:ObjectMeta! spec:APIServiceSpec!
          status:APIServiceStatus! }
        APIServiceCondition { lastTransitionTime:Time message:string reason:string status:string! type:string! }
        APIServiceReference { name:string namespace:string port:*int32 }
        APIServiceSpec { caBundle:bytes group:string groupPriorityMinimum:int32! insecureSkipTLSVerify:bool
          service:APIServiceReference version:string versionPriority:int32! }
        APIServiceStatus { conditions:[APIServiceCondition]/type }
        AggregationRule { clusterRoleSelectors:[LabelSelector] }
        ClusterRole { kind:string apiVersion:string metadata:ObjectMeta! aggregationRule:AggregationRule
          rules:[PolicyRule]! }
        ClusterRoleBinding { kind:string apiVersion:string metadata:ObjectMeta! roleRef:RoleRef!
          subjects:[Subject] }
        CronJob { kind:string apiVersion:string metadata:ObjectMeta! spec:CronJobSpec! status:CronJobStatus! }
        CronJobSpec { concurrencyPolicy:string=Allow failedJobsHistoryLimit:*int32=1
          jobTemplate:JobTemplateSpec! schedule:string! startingDeadlineSeconds:*int64
          successfulJobsHistoryLimit:*int32=3 suspend:*bool=false timeZone:*string }
        CronJobStatus { active:[ObjectReference] lastScheduleTime:*Time lastSuccessfulTime:*Time }
        Job { kind:string apiVersion:string metadata:ObjectMeta! spec:JobSpec! status:JobStatus! }
        JobCondition { lastProbeTime:Time lastTransitionTime:Time message:string reason:string status:string!
          type:string! }
        JobSpec { activeDeadlineSeconds:*int64 backoffLimit:*int32 backoffLimitPerIndex:*int32
          completionMode:*string completions:*int32 managedBy:*string manualSelector:*bool
          maxFailedIndexes:*int32 parallelism:*int32 podFailurePolicy:PodFailurePolicy
          podReplacementPolicy:*string selector:LabelSelector successPolicy:SuccessPolicy suspend:*bool
          template:PodTemplateSpec! ttlSecondsAfterFinished:*int32 }
        JobStatus { active:int32 completedIndexes:string completionTime:*Time conditions:[JobCondition]/type
          failed:int32 failedIndexes:*string ready:*int32 startTime:*Time succeeded:int32 terminating:*int32
          uncountedTerminatedPods:UncountedTerminatedPods }
        JobTemplateSpec { metadata:ObjectMeta! spec:JobSpec! }
        PodDisruptionBudget { kind:string apiVersion:string metadata:ObjectMeta! spec:PodDisruptionBudgetSpec!
          status:PodDisruptionBudgetStatus! }
        PodDisruptionBudgetSpec { maxUnavailable:*IntOrString minAvailable:*IntOrString selector:LabelSelector
          unhealthyPodEvictionPolicy:*string }
        PodDisruptionBudgetStatus { conditions:[Condition]/type currentHealthy:int32! desiredHealthy:int32!
          disruptedPods:{Time} disruptionsAllowed:int32! expectedPods:int32! observedGeneration:int64 }
        PodFailurePolicy { rules:[PodFailurePolicyRule]! }
        PodFailurePolicyOnExitCodesRequirement { containerName:*string operator:string! values:[int32]/! }
        PodFailurePolicyOnPodConditionsPattern { status:string! type:string! }
        PodFailurePolicyRule { action:string! onExitCodes:PodFailurePolicyOnExitCodesRequirement
          onPodConditions:[PodFailurePolicyOnPodConditionsPattern] }
        PolicyRule { apiGroups:[string] nonResourceURLs:[string] resourceNames:[string] resources:[string]
          verbs:[string]! }
        PriorityClass { kind:string apiVersion:string metadata:ObjectMeta! value:int32! description:string
          globalDefault:bool preemptionPolicy:*string=PreemptLowerPriority }
        Role { kind:string apiVersion:string metadata:ObjectMeta! rules:[PolicyRule]! }
        RoleBinding { kind:string apiVersion:string metadata:ObjectMeta! roleRef:RoleRef! subjects:[Subject] }
        RoleRef { kind:string! apiGroup:string! name:string! }
        Subject { kind:string! apiGroup:string name:string! namespace:string }
        SuccessPolicy { rules:[SuccessPolicyRule]! }
        SuccessPolicyRule { succeededCount:*int32 succeededIndexes:*string }
        UncountedTerminatedPods { failed:[string]/ succeeded:[string]/ }
        """#
}
