// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// The types of answers that are no stored objects.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let wire = #"""
        APIGroup { kind:string apiVersion:string name:string! preferredVersion:GroupVersionForDiscovery
          serverAddressByClientCIDRs:[ServerAddressByClientCIDR] versions:[GroupVersionForDiscovery]! }
        APIGroupList { kind:string apiVersion:string groups:[APIGroup]! }
        APIResource { categories:[string] group:string kind:string! name:string! namespaced:bool!
          shortNames:[string] singularName:string! storageVersionHash:string verbs:[string]! version:string }
        APIResourceList { kind:string apiVersion:string groupVersion:string! resources:[APIResource]! }
        APIVersions { kind:string apiVersion:string serverAddressByClientCIDRs:[ServerAddressByClientCIDR]!
          versions:[string]! }
        GroupVersionForDiscovery { groupVersion:string! version:string! }
        ListMeta { continue:string remainingItemCount:*int64 resourceVersion:string selfLink:string }
        PartialObjectMetadata { kind:string apiVersion:string metadata:ObjectMeta! }
        ServerAddressByClientCIDR { clientCIDR:string! serverAddress:string! }
        Status { kind:string apiVersion:string code:int32 details:StatusDetails message:string
          metadata:ListMeta! reason:string status:string }
        StatusCause { field:string message:string reason:string }
        StatusDetails { causes:[StatusCause] group:string kind:string name:string retryAfterSeconds:int32
          uid:string }
        """#
}
