// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import Scenarios

/// A tea and coffee shop, as files in memory.
enum Shop {
    static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tea
        spec:
          replicas: 3
          selector:
            matchLabels: {app: tea}
          template:
            metadata:
              labels: {app: tea}
            spec:
              containers:
                - name: tea
                  image: tea:v1
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: tea
        spec:
          selector: {app: tea}
          ports: [{port: 80}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: cafe
        spec:
          ingressClassName: alb
          tls:
            - secretName: cafe-tls
          rules:
            - host: cafe.example.com
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: cafe-tls}
        type: kubernetes.io/tls
        data: {tls.crt: "", tls.key: ""}
        ---
        apiVersion: alibabacloud.com/v1
        kind: AlbConfig
        metadata: {name: alb}
        """

    static let otherManifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: coffee, namespace: bar}
        spec:
          template:
            spec:
              containers: [{name: brewer, image: coffee:v1}, {name: proxy, image: proxy:v1}]
        """

    static func files(_ scenario: String, _ more: [String: String] = [:]) -> MemoryFiles {
        var texts = ["s.yaml": scenario, "shop/cafe.yaml": manifest, "shop/more/coffee.yml": otherManifest]
        for (path, text) in more { texts[path] = text }
        return MemoryFiles(texts)
    }

    static let vocabulary = Vocabulary(
        cloudActions: [
            "CreateRule", "CreateRules", "UpdateRulesAttribute", "ListServerGroups", "DeleteListener",
            "GetListenerAttribute",
        ],
        quotas: ["rules", "servers"],
        transitions: ["LoadBalancer", "Listener"]
    )

    static func read(_ scenario: String, _ more: [String: String] = [:]) throws(Mistakes) -> Scenario {
        try ScenarioReader(files: files(scenario, more), vocabulary: vocabulary).read("s.yaml")
    }

    /// The example of a step, with the shop's manifest in place of its own.
    static func example(_ word: StepWord) -> String {
        word.example.replacing("../fixtures/cafe/50-ingress.yaml", with: "shop/cafe.yaml")
    }

    /// The only step of a scenario over the shop.
    static func step(_ text: String) throws -> Step { try #require(try steps(text).first) }

    /// The steps of a scenario over the shop, each after the first with its dash.
    static func steps(_ text: String) throws -> [Step] {
        try Self.read(
            """
            scenario: one step
            cluster: {manifests: shop}
            traffic: {shoppers: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - \(text)
            expect:
              - always: {traffic: shoppers, status: 200}
            """
        ).steps
    }

    /// The expectations of a scenario over the shop, each written as an item of a list.
    static func expectations(_ items: String) throws -> [Scenarios.Expectation] {
        let lines = items.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        return try Self.read(
            """
            scenario: expectations
            cluster: {manifests: shop}
            traffic:
              shoppers: {request: "GET https://cafe.example.com/tea", rate: 100/s}
              guests: {request: "GET http://cafe.example.com/coffee"}
            steps:
              - wait: 5s
              - name: rollout
                set-image: {deployment: tea, image: "tea:v2"}
              - at: 60s
                rotate-certificate: {secret: cafe-tls}
            expect:
            \(lines)
            """
        ).expectations
    }
}

extension SourcePlace {
    static let nowhere = SourcePlace(file: "s.yaml", line: 1, column: 1)
}
