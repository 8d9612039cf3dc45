// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Testing

@testable import Scenarios

struct ManifestTests {
    private func load(
        _ text: String,
        _ path: String = "m.yaml"
    ) -> (objects: [ManifestObject], mistakes: [SourceMistake]) {
        var loader = ManifestLoader(files: MemoryFiles([path: text]))
        return (loader.load(path), loader.mistakes)
    }

    @Test func `the files of a folder come in the order of their paths`() {
        let loader = ManifestLoader(
            files: MemoryFiles([
                "k/b.yaml": "", "k/a/z.yml": "", "k/a.json": "", "k/notes.md": "", "k/.hidden.yaml": "",
                "other.yaml": "",
            ])
        )
        #expect(loader.manifestFiles(at: "k") == ["k/a/z.yml", "k/a.json", "k/b.yaml"])
        #expect(loader.manifestFiles(at: "k/b.yaml") == ["k/b.yaml"])
        #expect(loader.manifestFiles(at: "nowhere") == nil)
    }

    @Test func `lists are taken apart`() {
        let text = """
            apiVersion: v1
            kind: List
            items:
              - {apiVersion: v1, kind: Service, metadata: {name: a}}
              - apiVersion: v1
                kind: ServiceList
                items: [{apiVersion: v1, kind: Service, metadata: {name: b}}]
            ---
            {apiVersion: v1, kind: Service, metadata: {name: c}}
            """
        let (objects, mistakes) = load(text)
        #expect(mistakes.isEmpty)
        #expect(objects.map(\.object.name) == ["a", "b", "c"])
        #expect(objects.map(\.place.line) == [4, 7, 9])
    }

    @Test func `JSON files are read too`() throws {
        let (objects, mistakes) = load(
            "{\n  \"apiVersion\": \"v1\", \"kind\": \"Service\",\n  \"metadata\": {\"name\": \"\\ud83c\\udf75\"}}",
            "m.json"
        )
        #expect(mistakes.isEmpty)
        #expect(objects.first?.object.name == "🍵")
    }

    @Test func `a refusal is told at the field that it names`() throws {
        let text = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: cafe
              annotations:
                alb.ingress.kubernetes.io/order: "10"
            spec:
              rules:
                - host: cafe.example.com
                - host: "*bad"
            """
        let object = try #require(load(text).objects.first)
        let status = KubernetesStatus(
            code: 422,
            reason: "Invalid",
            message: "Ingress \"cafe\" is invalid",
            causes: [
                .init(reason: "FieldValueInvalid", message: "not a host", field: "spec.rules[1].host"),
                .init(reason: "FieldValueRequired", message: "must be set", field: "spec.rules[0].http"),
            ]
        )
        #expect(
            object.mistakes(of: status).description
                == """
                m.yaml:9:7: error: the API server refuses Ingress "cafe": spec.rules[0].http: must be set
                    - host: cafe.example.com
                      ^

                m.yaml:10:7: error: the API server refuses Ingress "cafe": spec.rules[1].host: not a host
                    - host: "*bad"
                      ^
                """
        )
        #expect(object.place(ofField: "metadata.annotations[alb.ingress.kubernetes.io/order]").line == 6)
        #expect(object.place(ofField: "spec.nowhere").line == 7)
    }

    @Test func `a refusal without fields is told where the object begins`() throws {
        let object = try #require(load("apiVersion: v1\nkind: Service\nmetadata: {name: a}").objects.first)
        let status = KubernetesStatus(
            code: 409,
            reason: "AlreadyExists",
            message: "services \"a\" already exists"
        )
        #expect(
            object.mistakes(of: status).all.map(\.message)
                == ["the API server refuses this object: services \"a\" already exists"]
        )
    }

    @Test(arguments: [
        ("- a", "expected a Kubernetes object, found a list"),
        ("kind: Service", "the object has no apiVersion"),
        ("apiVersion: v1\nkind: 5", "the object's kind must be a text, found 5"),
        ("apiVersion: v1\nkind: Service", "Service has no metadata"),
        ("apiVersion: v1\nkind: Service\nmetadata: {labels: {}}", "Service needs a name that is a text"),
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: yes}",
            "Service needs a name that is a text, found true"
        ),
    ])
    func `what cannot be sent at all is a mistake`(_ text: String, _ message: String) {
        let (objects, mistakes) = load(text)
        #expect(objects.isEmpty)
        #expect(mistakes.map(\.message) == [message])
    }

    @Test func `definitions in manifests make their kinds known`() throws {
        let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: teapots.kitchen.example.com}
            spec:
              group: kitchen.example.com
              scope: Namespaced
              names: {kind: Teapot, plural: teapots, singular: teapot}
              versions: [{name: v1alpha1, storage: true}]
            """
        let scenario = try Shop.read(
            """
            scenario: a kind of its own
            cluster: {manifests: [shop, pots.yaml]}
            expect:
              - eventually: {object: {kind: Teapot, name: brown, status: {hot: true}}}
            """,
            ["pots.yaml": definition]
        )
        guard case .object(let condition) = scenario.expectations.first?.subject else {
            Issue.record("no object")
            return
        }
        #expect(condition.type.qualifiedName == "teapots.kitchen.example.com")
        #expect(condition.type.version == "v1alpha1")
    }

    @Test func `paths are seen from the scenario's folder`() {
        #expect(SourcePath.resolve("../fixtures/cafe", from: "scenarios") == "fixtures/cafe")
        #expect(SourcePath.resolve("./a.yaml", from: ".") == "a.yaml")
        #expect(SourcePath.resolve("../../a", from: "b") == "../a")
        #expect(SourcePath.resolve("/etc/../a", from: "b") == "/a")
        #expect(SourcePath.resolve("..", from: "b") == ".")
    }

    @Test func `a scenario beside manifests is none of them`() {
        let files = MemoryFiles(["all/first.yaml": "scenario: one", "all/tea.yaml": Shop.manifest])
        let loader = ManifestLoader(files: files)
        #expect(loader.objectFiles(at: "all") == ["all/tea.yaml"])
        #expect(loader.objectFiles(at: "all/first.yaml") == ["all/first.yaml"])
    }

    @Test func `the scenarios of a folder are told from the manifests beside them`() throws {
        let files = MemoryFiles([
            "all/01.yaml": "scenario: one", "all/more/02.yaml": "# hello\nscenario: two",
            "all/cafe.yaml": "kind: Service",
        ])
        let reader = ScenarioReader(files: files)
        #expect(try reader.scenarioFiles(at: "all") == ["all/01.yaml", "all/more/02.yaml"])
        #expect(try reader.scenarioFiles(at: "all/cafe.yaml") == ["all/cafe.yaml"])
        let mistake = #expect(throws: SourceMistake.self) { try reader.scenarioFiles(at: "al") }
        #expect(
            mistake?.description == "al: error: there is no such file or folder\nhelp: did you mean \"all\"?"
        )
    }
}
