// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The types that all objects share.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let meta = #"""
        Condition { lastTransitionTime:Time! message:string! observedGeneration:int64 reason:string!
          status:string! type:string! }
        DeleteOptions { kind:string apiVersion:string dryRun:[string] gracePeriodSeconds:*int64
          ignoreStoreReadErrorWithClusterBreakingPotential:*bool orphanDependents:*bool
          preconditions:Preconditions propagationPolicy:*string }
        FieldSelectorRequirement { key:string! operator:string! values:[string] }
        LabelSelector { matchExpressions:[LabelSelectorRequirement] matchLabels:{string} }
        LabelSelectorRequirement { key:string! operator:string! values:[string] }
        ManagedFieldsEntry { apiVersion:string fieldsType:string fieldsV1:any manager:string operation:string
          subresource:string time:*Time }
        ObjectMeta { annotations:{string} creationTimestamp:Time deletionGracePeriodSeconds:*int64
          deletionTimestamp:*Time finalizers:[string]/ generateName:string generation:int64 labels:{string}
          managedFields:*[ManagedFieldsEntry] name:string namespace:string ownerReferences:[OwnerReference]/uid
          resourceVersion:string selfLink:string uid:string }
        OwnerReference { kind:string! apiVersion:string! blockOwnerDeletion:*bool controller:*bool name:string!
          uid:string! }
        Preconditions { resourceVersion:*string uid:*string }
        """#
}
