// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// Everything that one AlbConfig and its Ingresses want from the cloud.
public struct Stack: Sendable, Hashable {
    /// The AlbConfig.
    public let albConfig: String
    /// The cluster, for tags.
    let cluster: String
    /// The VPC.
    let vpc: String
    /// The load balancer; nil when the AlbConfig is being deleted.
    var loadBalancer: LoadBalancer?
    /// By port.
    var listeners: [Listener] = []
    /// By key; every group that a listener or rule names.
    var serverGroups: [ServerGroup] = []
    /// By name.
    var certificates: [SecretCertificate] = []

    init(albConfig: String, cluster: String, vpc: String) {
        self.albConfig = albConfig
        self.cluster = cluster
        self.vpc = vpc
    }

    /// The two tags that mark everything of this stack.
    var tags: [Tag] {
        [
            Tag(key: ResourceNames.clusterTag, value: ResourceNames.tagValue(cluster)),
            Tag(
                key: ResourceNames.albConfigTag,
                value: ResourceNames.tagValue(ResourceNames.group(albConfig))
            ),
        ]
    }

    /// The tags of the load balancer.
    var loadBalancerTags: [Tag] {
        tags + [Tag(key: ResourceNames.resourceTag, value: ResourceNames.loadBalancerResource)]
    }

    /// The tags of a server group.
    func tags(of group: ServerGroup) -> [Tag] {
        let own = [
            (ResourceNames.resourceTag, group.key.tagValue),
            (ResourceNames.serviceNamespaceTag, group.key.ingress.namespace),
            (ResourceNames.ingressNameTag, group.key.ingress.name),
            (ResourceNames.serviceNameTag, group.key.service),
            (ResourceNames.servicePortTag, group.key.port),
        ]
        return tags + own.map { Tag(key: $0.0, value: ResourceNames.tagValue($0.1)) }
    }
}
