// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Whether an Ingress is for this controller, and which AlbConfig it belongs to.
///
/// - Source: the open-source controller's class rules; seen upstream.
enum Membership: Sendable, Hashable {
    /// Another controller's, or nobody's.
    case notOurs
    /// It belongs to the AlbConfig of this name.
    case group(String)
    /// It is ours, but its IngressClass names no AlbConfig.
    case noAlbConfig(ingressClass: String)

    static let controllerName = "ingress.k8s.alibabacloud/alb"
    static let classAnnotation = "kubernetes.io/ingress.class"
    /// The AlbConfig of an Ingress whose class cannot be read.
    static let fallback = "default"

    /// Answers for one Ingress.
    static func of(_ ingress: KubernetesObject, classes: any ObjectSource) -> Membership {
        func ingressClass(_ name: String) -> KubernetesObject? {
            guard let found = classes.object(.ingressClasses, ObjectKey(name: name)),
                found[path: "spec", "controller"]?.stringValue == controllerName
            else { return nil }
            return found
        }
        let annotations = ingress.annotations
        let name: String
        if let field = ingress[path: "spec", "ingressClassName"]?.stringValue, !field.isEmpty {
            guard ingressClass(field) != nil else { return .notOurs }
            name = field
        } else if let annotation = annotations[classAnnotation], !annotation.isEmpty {
            guard annotation == "alb" || ingressClass(annotation) != nil else { return .notOurs }
            name = annotation
        } else {
            return .notOurs
        }
        if let named = annotations[AnnotationName.albConfigName.key], !named.isEmpty { return .group(named) }
        guard let object = classes.object(.ingressClasses, ObjectKey(name: name)) else {
            return .group(fallback)
        }
        guard let albConfig = object[path: "spec", "parameters", "name"]?.stringValue, !albConfig.isEmpty
        else {
            return .noAlbConfig(ingressClass: name)
        }
        return .group(albConfig)
    }
}
