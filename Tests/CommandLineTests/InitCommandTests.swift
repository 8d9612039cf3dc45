// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct InitCommandTests {
    private static let manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - {name: web, image: "registry.example.com:5000/web:v1", ports: [{containerPort: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop}
        spec:
          ingressClassName: alb
          tls: [{hosts: [shop.example.com], secretName: shop-tls}]
          rules:
            - host: shop.example.com
              http:
                paths:
                  - {path: /cart, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                  - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
        """

    @Test func `a first scenario is written from manifests, and it runs`() throws {
        let folder = try Folder()
        try folder.write("shop.yaml", Self.manifests)
        let made = try Program.run(["init", "shop.yaml"], in: folder.url)
        #expect(made.code == 0, "\(made.error)")
        #expect(made.output.contains("the Secret default/shop-tls is missing: a step makes it"))
        #expect(made.output.contains("run it with: albedo run first.yaml"))
        #expect(folder.files == ["first.extras.yaml", "first.yaml", "shop.yaml"])
        let text = try folder.text("first.yaml")
        #expect(text.contains("GET https://shop.example.com/cart"))
        #expect(text.contains("image: \"registry.example.com:5000/web:next\""))
        #expect(text.contains("at-least: 90%"))
        let valid = try Program.run(["validate", "first.yaml"], in: folder.url)
        #expect(valid.code == 0, "\(valid.error)")
        let run = try Program.run(["run", "first.yaml"], in: folder.url)
        #expect(run.code == 0, "\(run.output)\(run.error)")
        #expect(run.output.hasPrefix("passed"))
    }

    @Test func `manifests that were exported from another cluster run in a namespace of their own`() throws {
        let folder = try Folder()
        let exported = Self.manifests
            .replacingOccurrences(
                of: "metadata: {name: ",
                with:
                    "metadata: {namespace: shop, uid: 1f0c, resourceVersion: \"4711\", generation: 3, name: "
            )
            .replacingOccurrences(
                of: "{selector: {app: web},",
                with: "{clusterIP: 172.16.1.1, selector: {app: web},"
            )
        try folder.write("shop.yaml", exported)
        let made = try Program.run(["init", "shop.yaml"], in: folder.url)
        #expect(
            made.output.contains("added to first.extras.yaml: Namespace shop"),
            "\(made.output)\(made.error)"
        )
        let run = try Program.run(["run", "first.yaml"], in: folder.url)
        #expect(run.output.hasPrefix("passed"), "\(run.output)\(run.error)")
    }

    @Test(arguments: [
        ("metadata: {name: {{ .Release.Name }}}", "a template that has not been filled in"),
        (
            "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: old}\nspec: {backend: {serviceName: a}}",
            "is of extensions/v1beta1, which API servers no longer serve"
        ),
    ])
    func `what cannot be taken is told with what to do`(_ manifest: String, _ message: String) throws {
        let folder = try Folder()
        try folder.write("odd.yaml", manifest)
        let made = try Program.run(["init", "odd.yaml"], in: folder.url)
        #expect(made.code == 2)
        #expect(made.error.contains(message), "\(made.error)")
    }

    @Test func `the expectations of a first scenario can fail`() throws {
        let folder = try Folder()
        // A Service that finds no pod.
        try folder.write(
            "shop.yaml",
            Self.manifests.replacingOccurrences(
                of: "{selector: {app: web},",
                with: "{selector: {app: wrong},"
            )
        )
        #expect(try Program.run(["init", "shop.yaml"], in: folder.url).code == 0)
        let run = try Program.run(["run", "first.yaml"], in: folder.url)
        #expect(run.code == 1)
        #expect(run.output.contains("503"))
    }

    @Test func `nothing is overwritten`() throws {
        let folder = try Folder()
        try folder.write("shop.yaml", Self.manifests)
        try folder.write("first.yaml", "mine")
        let result = try Program.run(["init", "shop.yaml"], in: folder.url)
        #expect(result.code == 2)
        #expect(result.error.contains("first.yaml is there already"))
        #expect(try folder.text("first.yaml") == "mine")
        #expect(folder.files == ["first.yaml", "shop.yaml"])
        let other = try Program.run(["init", "shop.yaml", "-o", "second.yaml"], in: folder.url)
        #expect(other.code == 0, "\(other.error)")
    }

    @Test func `manifests without an Ingress, and those that are not there, are told`() throws {
        let folder = try Folder()
        try folder.write("one.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n")
        let none = try Program.run(["init", "one.yaml"], in: folder.url)
        #expect(none.code == 2)
        #expect(none.error.contains("no Ingress"))
        let missing = try Program.run(["init", "on.yaml"], in: folder.url)
        #expect(missing.code == 2)
        #expect(missing.error.contains("did you mean \"one.yaml\"?"))
        #expect(folder.files == ["one.yaml"])
    }

    @Test func `a scenario in another folder finds its manifests`() throws {
        let folder = try Folder()
        try folder.write("shop.yaml", Self.manifests)
        try FileManager.default.createDirectory(
            atPath: folder.path("tests"),
            withIntermediateDirectories: false
        )
        let made = try Program.run(["init", "shop.yaml", "--output", "tests/shop.yaml"], in: folder.url)
        #expect(made.code == 0, "\(made.error)")
        #expect(
            try folder.text("tests/shop.yaml").contains("    - \"../shop.yaml\"")
                || folder.text("tests/shop.yaml").contains("    - ../shop.yaml")
        )
        #expect(try Program.run(["validate", "tests/shop.yaml"], in: folder.url).code == 0)
    }
}
