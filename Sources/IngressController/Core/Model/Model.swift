// SPDX-License-Identifier: Apache-2.0
public import KubernetesAPI

/// The desired model of every AlbConfig among some objects: the pure half of the controller.
public enum Model {
    /// One AlbConfig with what it wants from the cloud.
    public struct Group: Sendable {
        /// The AlbConfig's name.
        public let albConfig: String
        /// What it wants.
        public let stack: Stack
        /// What is wrong with it or its Ingresses.
        public let problems: [Problem]
    }

    /// Builds the stacks of all AlbConfigs, by name.
    ///
    /// - Parameters:
    ///   - objects: Ingresses, IngressClasses, AlbConfigs, Services and Secrets; others are ignored.
    ///   - context: Cluster, VPC and profile.
    ///   - certificates: What the certificate service would list.
    /// - Returns: A group for each AlbConfig.
    public static func build(
        objects: [KubernetesObject],
        context: BuildContext,
        certificates: [CertificateRecord] = []
    ) -> [Group] {
        let set = ObjectSet(objects)
        let ingresses = set.all(.ingresses)
        return set.all(.albConfigs).map { object in
            let spec = AlbConfigSpec(object, context: context)
            let members = GroupBuild.members(of: object.name, ingresses: ingresses, classes: set)
            let result = GroupBuild(objects: set, context: context)
                .build(spec, members: members, certificates: certificates)
            return Group(albConfig: object.name, stack: result.stack, problems: result.problems)
        }
    }

    /// What is wrong with the Ingresses that belong to no AlbConfig of these objects.
    public static func strays(objects: [KubernetesObject]) -> [Problem] {
        let set = ObjectSet(objects)
        return set.all(.ingresses).compactMap { ingress in
            switch Membership.of(ingress, classes: set) {
            case .notOurs: nil
            case .noAlbConfig(let name):
                Problem(.ingress(ingress.key), .leftOut, "IngressClass \(name) names no AlbConfig")
            case .group(let name) where set.object(.albConfigs, ObjectKey(name: name)) == nil:
                Problem(.ingress(ingress.key), .leftOut, "AlbConfig \(name) does not exist")
            case .group: nil
            }
        }
    }

    /// The cloud as it would be after a stack was applied to an empty account.
    public struct Applied: Sendable {
        let state: CloudState
        let profile: Profile

        /// The actions that would bring it to another stack, one for each call.
        public func calls(for stack: Stack) -> [String] {
            Planner(profile: profile, region: "cn-hangzhou").plan(stack, state).steps.map(\.action)
        }
    }

    /// The cloud after a stack was applied to an empty account.
    public static func applied(_ stack: Stack, profile: Profile = .managed) -> Applied {
        Applied(state: plan(stack, profile: profile).result, profile: profile)
    }

    /// The calls that would make a stack in an empty account.
    public static func plan(
        _ stack: Stack,
        profile: Profile = .managed,
        region: String = "cn-hangzhou"
    ) -> Plan {
        var planner = Planner(profile: profile, region: region)
        planner.zones = stack.loadBalancer?.zones ?? []
        return planner.plan(stack, CloudState())
    }
}
