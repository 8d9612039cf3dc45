// SPDX-License-Identifier: Apache-2.0

extension SchemaTables {
    /// CustomResourceDefinition and what it is made of.
    ///
    /// - Source: the published OpenAPI documents of Kubernetes 1.36 (documented).
    static let extensions = #"""
        CustomResourceColumnDefinition { description:string format:string jsonPath:string! name:string!
          priority:int32 type:string! }
        CustomResourceConversion { strategy:string! webhook:WebhookConversion }
        CustomResourceDefinition { kind:string apiVersion:string metadata:ObjectMeta!
          spec:CustomResourceDefinitionSpec! status:CustomResourceDefinitionStatus! }
        CustomResourceDefinitionCondition { lastTransitionTime:Time! message:string observedGeneration:int64
          reason:string status:string! type:string! }
        CustomResourceDefinitionNames { kind:string! categories:[string] listKind:string plural:string!
          shortNames:[string] singular:string }
        CustomResourceDefinitionSpec { conversion:CustomResourceConversion group:string!
          names:CustomResourceDefinitionNames! preserveUnknownFields:bool scope:string!
          versions:[CustomResourceDefinitionVersion]! }
        CustomResourceDefinitionStatus { acceptedNames:CustomResourceDefinitionNames!
          conditions:[CustomResourceDefinitionCondition]! observedGeneration:int64 storedVersions:[string]! }
        CustomResourceDefinitionVersion { additionalPrinterColumns:[CustomResourceColumnDefinition]
          deprecated:bool deprecationWarning:*string name:string! schema:CustomResourceValidation
          selectableFields:[SelectableField] served:bool! storage:bool! subresources:CustomResourceSubresources
          }
        CustomResourceSubresourceScale { labelSelectorPath:*string specReplicasPath:string!
          statusReplicasPath:string! }
        CustomResourceSubresourceStatus {  }
        CustomResourceSubresources { scale:CustomResourceSubresourceScale status:CustomResourceSubresourceStatus
          }
        CustomResourceValidation { openAPIV3Schema:JSONSchemaProps }
        ExternalDocumentation { description:string url:string }
        JSONSchemaProps { $ref:string $schema:string additionalItems:any additionalProperties:any
          allOf:[JSONSchemaProps] anyOf:[JSONSchemaProps] default:any definitions:{JSONSchemaProps}
          dependencies:{any} description:string enum:[any] example:any exclusiveMaximum:bool
          exclusiveMinimum:bool externalDocs:ExternalDocumentation format:string id:string items:any
          maxItems:*int64 maxLength:*int64 maxProperties:*int64 maximum:*double minItems:*int64 minLength:*int64
          minProperties:*int64 minimum:*double multipleOf:*double not:JSONSchemaProps nullable:bool
          oneOf:[JSONSchemaProps] pattern:string patternProperties:{JSONSchemaProps}
          properties:{JSONSchemaProps} required:[string] title:string type:string uniqueItems:bool
          x-kubernetes-embedded-resource:bool x-kubernetes-int-or-string:bool
          x-kubernetes-list-map-keys:[string] x-kubernetes-list-type:*string x-kubernetes-map-type:*string
          x-kubernetes-preserve-unknown-fields:*bool x-kubernetes-validations:[ValidationRule]/rule }
        SelectableField { jsonPath:string! }
        ServiceReference { name:string! namespace:string! path:*string port:*int32 }
        ValidationRule { fieldPath:string message:string messageExpression:string optionalOldSelf:*bool
          reason:*string rule:string! }
        WebhookClientConfig { caBundle:bytes service:ServiceReference url:*string }
        WebhookConversion { clientConfig:WebhookClientConfig conversionReviewVersions:[string]! }
        """#
}
