// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct SourceTests {
    /// Parts that can run inside a simulation.
    private static let simulated = allowedPackages.keys.filter { !["Live", "QUIC", "Serving"].contains($0) }
        .sorted()

    @Test func `no simulated part leaves the simulation's time, thread or randomness`() throws {
        for part in Self.simulated {
            for file in ProjectSources.swiftFiles(below: "Sources/\(part)") {
                let findings = try SourceScanner.bannedWords(in: ProjectSources.text(file), file: file)
                #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
            }
        }
    }

    @Test func `imports follow the package's arrows`() throws {
        let arrows = try Self.arrows()
        for part in allowedPackages.keys.sorted() {
            let allowed = allowedPackages[part, default: []].union(arrows[part, default: []])
            for file in ProjectSources.swiftFiles(below: "Sources/\(part)") {
                let surplus = try SourceScanner.imports(in: ProjectSources.text(file)).filter {
                    !allowed.contains($0)
                }
                #expect(surplus.isEmpty, "\(file) imports \(surplus.joined(separator: ", "))")
            }
        }
    }

    @Test func `the core half of a part never waits, listens or stores`() throws {
        for file in ProjectSources.swiftFiles(below: "Sources") where file.contains("/Core/") {
            for (number, line) in try ProjectSources.text(file).split(separator: "\n").enumerated() {
                let code = line.prefix { $0 != "/" }
                let waits =
                    code.contains(" await ") || code.contains(" async ") || code.contains("host.clock")
                #expect(!waits, "\(file), line \(number + 1) of code: \(line)")
            }
        }
    }

    @Test func `every source file says its licence first`() throws {
        for file in ProjectSources.swiftFiles(below: "Sources") + ProjectSources.swiftFiles(below: "Tests") {
            let text = try ProjectSources.text(file)
            #expect(text.hasPrefix("// SPDX-License-Identifier: Apache-2.0\n"), "\(file)")
        }
    }

    @Test func `a planted clock read is found`() throws {
        let planted = "func now() -> Date { Date() }  // planted\n"
        #expect(try !SourceScanner.bannedWords(in: planted, file: "Sources/Cluster/Planted.swift").isEmpty)
    }

    @Test func `a planted bare task is found, and one in a comment or a text is none`() throws {
        let planted = "func go() { Task { await work() } }\n"
        #expect(try SourceScanner.bannedWords(in: planted, file: "Sources/Cluster/Planted.swift").count == 1)
        let harmless = "// never write Task { } here\nlet text = \"Task { }\"\n"
        #expect(try SourceScanner.bannedWords(in: harmless, file: "Sources/Cluster/Planted.swift").isEmpty)
    }

    @Test func `an import against the arrows is found`() throws {
        #expect(
            SourceScanner.imports(in: "public import KubernetesServer\nimport Ports\n") == [
                "KubernetesServer", "Ports",
            ]
        )
        #expect(try Self.arrows()["IngressController"]?.contains("KubernetesServer") == false)
    }

    /// The parts that each part uses, read from Package.swift's table.
    private static func arrows() throws -> [String: Set<String>] {
        let text = try ProjectSources.text("Package.swift")
        let pattern = /Part\(\s*name: "(\w+)",\s*uses: \[([^\]]*)\]/
        var arrows: [String: Set<String>] = [:]
        for match in text.matches(of: pattern) {
            let uses = match.2.split(separator: ",").map {
                $0.trimmingCharacters(in: .init(charactersIn: " \n\""))
            }
            arrows[String(match.1)] = Set(uses)
        }
        return arrows
    }
}
