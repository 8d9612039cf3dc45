// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The reviews of the authentication and authorization groups.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let access = #"""
        BoundObjectReference { kind:string apiVersion:string name:string uid:string }
        FieldSelectorAttributes { rawSelector:string requirements:[FieldSelectorRequirement] }
        LabelSelectorAttributes { rawSelector:string requirements:[LabelSelectorRequirement] }
        LocalSubjectAccessReview { kind:string apiVersion:string metadata:ObjectMeta!
          spec:SubjectAccessReviewSpec! status:SubjectAccessReviewStatus! }
        NonResourceAttributes { path:string verb:string }
        NonResourceRule { nonResourceURLs:[string] verbs:[string]! }
        ResourceAttributes { fieldSelector:FieldSelectorAttributes group:string
          labelSelector:LabelSelectorAttributes name:string namespace:string resource:string subresource:string
          verb:string version:string }
        ResourceRule { apiGroups:[string] resourceNames:[string] resources:[string] verbs:[string]! }
        SelfSubjectAccessReview { kind:string apiVersion:string metadata:ObjectMeta!
          spec:SelfSubjectAccessReviewSpec! status:SubjectAccessReviewStatus! }
        SelfSubjectAccessReviewSpec { nonResourceAttributes:NonResourceAttributes
          resourceAttributes:ResourceAttributes }
        SelfSubjectReview { kind:string apiVersion:string metadata:ObjectMeta! status:SelfSubjectReviewStatus! }
        SelfSubjectReviewStatus { userInfo:UserInfo! }
        SelfSubjectRulesReview { kind:string apiVersion:string metadata:ObjectMeta!
          spec:SelfSubjectRulesReviewSpec! status:SubjectRulesReviewStatus! }
        SelfSubjectRulesReviewSpec { namespace:string }
        SubjectAccessReview { kind:string apiVersion:string metadata:ObjectMeta! spec:SubjectAccessReviewSpec!
          status:SubjectAccessReviewStatus! }
        SubjectAccessReviewSpec { extra:{[string]} groups:[string] nonResourceAttributes:NonResourceAttributes
          resourceAttributes:ResourceAttributes uid:string user:string }
        SubjectAccessReviewStatus { allowed:bool! denied:bool evaluationError:string reason:string }
        SubjectRulesReviewStatus { evaluationError:string incomplete:bool! nonResourceRules:[NonResourceRule]!
          resourceRules:[ResourceRule]! }
        TokenRequest { kind:string apiVersion:string metadata:ObjectMeta! spec:TokenRequestSpec!
          status:TokenRequestStatus! }
        TokenRequestSpec { audiences:[string]! boundObjectRef:BoundObjectReference! expirationSeconds:*int64 }
        TokenRequestStatus { expirationTimestamp:Time! token:string! }
        TokenReview { kind:string apiVersion:string metadata:ObjectMeta! spec:TokenReviewSpec!
          status:TokenReviewStatus! }
        TokenReviewSpec { audiences:[string] token:string }
        TokenReviewStatus { audiences:[string] authenticated:bool error:string user:UserInfo! }
        UserInfo { extra:{[string]} groups:[string] uid:string username:string }
        """#
}
