// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

extension BuiltInResources {
    /// Reviews: they are answered and not kept.
    static let reviews: [ServedResource] = [
        review("authentication.k8s.io", "SelfSubjectReview"),
        review("authentication.k8s.io", "TokenReview"),
        review("authorization.k8s.io", "LocalSubjectAccessReview", isNamespaced: true),
        review("authorization.k8s.io", "SelfSubjectAccessReview"),
        review("authorization.k8s.io", "SelfSubjectRulesReview"),
        review("authorization.k8s.io", "SubjectAccessReview"),
    ]

    private static func review(
        _ group: String,
        _ kind: String,
        isNamespaced: Bool = false
    ) -> ServedResource {
        let type = ResourceType(
            group: group,
            version: "v1",
            plural: "\(kind.lowercased())s",
            singular: kind.lowercased(),
            kind: kind,
            isNamespaced: isNamespaced
        )
        return ServedResource(
            type,
            shape: .builtIn(place(kind)),
            rules: KindRules(),
            verbs: ["create"],
            isReview: true
        )
    }

    /// Roles and who has them.
    static let roles: [ServedResource] = [
        role("ClusterRole", RoleRules.role), role("ClusterRoleBinding", RoleRules.binding),
        role("Role", RoleRules.role, isNamespaced: true),
        role("RoleBinding", RoleRules.binding, isNamespaced: true),
    ]

    private static func role(
        _ kind: String,
        _ rules: KindRules,
        isNamespaced: Bool = false
    ) -> ServedResource {
        let type = ResourceType(
            group: "rbac.authorization.k8s.io",
            version: "v1",
            plural: "\(kind.lowercased())s",
            singular: kind.lowercased(),
            kind: kind,
            isNamespaced: isNamespaced
        )
        return ServedResource(type, shape: .builtIn(place(kind)), rules: rules)
    }

    /// Budgets, jobs and priorities.
    static let policies: [ServedResource] = [
        ServedResource(
            budgets,
            shape: .builtIn(place("PodDisruptionBudget")),
            rules: BudgetRules.budget,
            subresources: [.status]
        ),
        ServedResource(
            ResourceType(
                group: "batch",
                version: "v1",
                plural: "cronjobs",
                singular: "cronjob",
                kind: "CronJob",
                isNamespaced: true,
                shortNames: ["cj"],
                categories: ["all"]
            ),
            shape: .builtIn(place("CronJob")),
            rules: CronJobRules.cronJob,
            subresources: [.status]
        ),
        ServedResource(
            ResourceType(
                group: "batch",
                version: "v1",
                plural: "jobs",
                singular: "job",
                kind: "Job",
                isNamespaced: true,
                categories: ["all"]
            ),
            shape: .builtIn(place("Job")),
            rules: JobRules.job,
            subresources: [.status],
            fields: [.init(name: "status.successful", path: ["status", "succeeded"], missing: "0")]
        ),
        ServedResource(
            ResourceType(
                group: "apiregistration.k8s.io",
                version: "v1",
                plural: "apiservices",
                singular: "apiservice",
                kind: "APIService",
                isNamespaced: false,
                categories: ["api-extensions"]
            ),
            shape: .builtIn(place("APIService")),
            rules: KindRules(nameRule: RoleRules.pathSegment, hasStatus: true),
            subresources: [.status]
        ),
        ServedResource(
            priorityClasses,
            shape: .builtIn(place("PriorityClass")),
            rules: PriorityRules.priorityClass
        ),
    ]

    static let priorityClasses = ResourceType(
        group: "scheduling.k8s.io",
        version: "v1",
        plural: "priorityclasses",
        singular: "priorityclass",
        kind: "PriorityClass",
        isNamespaced: false,
        shortNames: ["pc"]
    )

    static let budgets = ResourceType(
        group: "policy",
        version: "v1",
        plural: "poddisruptionbudgets",
        singular: "poddisruptionbudget",
        kind: "PodDisruptionBudget",
        isNamespaced: true,
        shortNames: ["pdb"]
    )
}
