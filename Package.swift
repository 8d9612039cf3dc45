// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

// MARK: The parts and their arrows. ARCHITECTURE.md draws this table; TidyTests hold the imports to it.

let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let ordered: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let http: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

/// A library target of ours: its name, the targets of ours that it may import, the packages that it may import.
struct Part {
    let name: String
    let uses: [String]
    var packages: [Target.Dependency] = []
    /// Further targets of ours that only its tests use.
    var testUses: [String] = []
    /// Files that go into the program as they are.
    var embedded: [String] = []
}

let parts: [Part] = [
    Part(name: "JSON", uses: []),
    Part(name: "Gzip", uses: [], testUses: ["Ports"]),
    Part(name: "YAML", uses: ["JSON"], packages: [yams]),
    Part(name: "Ports", uses: [], packages: [http]),
    Part(name: "Streams", uses: ["Ports"], packages: [crypto]),
    Part(name: "Storage", uses: ["Ports"], packages: [.product(name: "GRDB", package: "GRDB.swift")]),
    Part(name: "Simulation", uses: ["Ports"], packages: [deque, http]),
    Part(name: "QUIC", uses: ["Ports"], packages: [deque, http]),
    Part(
        name: "Live",
        uses: ["Ports", "QUIC"],
        packages: [
            http, .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHPACK", package: "swift-nio-http2"),
            .product(name: "NIOHTTP2", package: "swift-nio-http2"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "NIOTLS", package: "swift-nio"),
        ]
    ),
    Part(
        name: "Certificates",
        uses: ["Ports"],
        packages: [
            x509, crypto, .product(name: "_CryptoExtras", package: "swift-crypto"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
        ]
    ),
    Part(name: "KubernetesAPI", uses: ["JSON", "Ports"], packages: [http], testUses: ["Simulation"]),
    Part(name: "CloudAPI", uses: ["JSON", "Ports"], packages: [http, crypto], testUses: ["Simulation"]),
    Part(
        name: "KubernetesServer",
        uses: ["Gzip", "JSON", "KubernetesAPI", "Ports", "Storage", "YAML"],
        packages: [crypto, deque, http, ordered],
        testUses: ["Simulation"]
    ),
    Part(
        name: "CloudServer",
        uses: ["Certificates", "CloudAPI", "JSON", "Ports", "Storage"],
        packages: [crypto, http, ordered],
        testUses: ["Simulation"]
    ),
    Part(
        name: "Cluster",
        uses: ["CloudAPI", "JSON", "KubernetesAPI", "Ports", "Streams"],
        packages: [deque, http, ordered],
        testUses: ["KubernetesServer", "Simulation", "Storage"]
    ),
    Part(
        name: "IngressController",
        uses: ["CloudAPI", "JSON", "KubernetesAPI", "Ports"],
        packages: [crypto, http, ordered],
        testUses: ["Simulation"]
    ),
    Part(
        name: "DataPlane",
        uses: ["Certificates", "CloudAPI", "Gzip", "Ports"],
        packages: [deque, http, ordered],
        testUses: ["Simulation"]
    ),
    Part(
        name: "Traffic",
        uses: ["Certificates", "Ports", "Streams"],
        packages: [deque, http, ordered],
        testUses: ["Simulation"]
    ),
    Part(
        name: "Serving",
        uses: [
            "Certificates", "CloudAPI", "CloudServer", "Cluster", "DataPlane", "IngressController", "JSON",
            "KubernetesAPI", "KubernetesServer", "Live", "Ports", "Storage",
        ],
        packages: [http]
    ),
    Part(
        name: "Worlds",
        uses: [
            "CloudAPI", "CloudServer", "Cluster", "DataPlane", "IngressController", "JSON", "KubernetesAPI",
            "KubernetesServer", "Ports", "Simulation", "Storage",
        ],
        packages: [http]
    ),
    Part(
        name: "Scenarios",
        uses: [
            "Certificates", "CloudAPI", "CloudServer", "Cluster", "IngressController", "JSON",
            "KubernetesAPI", "KubernetesServer", "Ports", "Simulation", "Storage", "Traffic", "Worlds",
            "YAML",
        ],
        packages: [crypto, http, yams]
    ),
    Part(
        name: "Reports",
        uses: ["CloudAPI", "DataPlane", "JSON", "Ports", "Scenarios", "Storage"],
        packages: [http],
        embedded: ["page.html", "page.css", "model.js", "timeline.js", "lanes.js", "panel.js", "page.js"].map
        {
            "Page/\($0)"
        }
    ),
]

// `ALBEDO_ONLY=Name` narrows the package to one part, what it uses and its tests: a short build while one
// part is being written.
let only = ProcessInfo.processInfo.environment["ALBEDO_ONLY"]
func isWanted(_ name: String) -> Bool {
    guard let only else { return true }
    func closure(_ names: [String]) -> Set<String> {
        names.reduce(into: Set(names)) { seen, next in
            let part = parts.first { $0.name == next }
            seen.formUnion(closure((part?.uses ?? []) + (next == only ? part?.testUses ?? [] : [])))
        }
    }
    let roots = [
        "albedo": ["Reports"], "ShippedScenario": ["Scenarios"],
        "Conformance": ["Certificates", "DataPlane", "Live", "Simulation"],
        "Hostile": ["DataPlane", "Live"],
        "Tidy": ["Simulation"],
    ]
    return closure(roots[only] ?? [only]).contains(name)
}

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

// `ALBEDO_FUZZ=1` makes the program `albedo-fuzz` out of the readers that the hostile tests use, and lets the compiler
// watch which parts of what they read with an input reaches; see scripts/fuzz.
let fuzzes = ProcessInfo.processInfo.environment["ALBEDO_FUZZ"] != nil
let watched: [SwiftSetting] = fuzzes ? [.unsafeFlags(["-sanitize=fuzzer"])] : []
let hostile: (uses: [Target.Dependency], path: String) = (
    [
        "DataPlane", "Gzip", "Live", "Ports", http, .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    ],
    "Tests/HostileTests"
)

func hasTests(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Tests/\(name)Tests")
}
func hasSources(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Sources/\(name)")
}

var targets: [Target] = []
for part in parts where isWanted(part.name) && hasSources(part.name) {
    targets.append(
        .target(
            name: part.name,
            dependencies: part.uses.map { .target(name: $0) } + part.packages
                + (part.name == "QUIC" ? [.target(name: "CQUIC", condition: .when(traits: ["QUIC"]))] : []),
            resources: part.embedded.map { .embedInCode($0) },
            swiftSettings: settings + (["DataPlane", "Gzip", "Live"].contains(part.name) ? watched : [])
        )
    )
    if hasTests(part.name), only == nil || only == part.name {
        targets.append(
            .testTarget(
                name: "\(part.name)Tests",
                dependencies: ([part.name] + part.uses + part.testUses).map { .target(name: $0) }
                    + part.packages,
                swiftSettings: settings
            )
        )
    }
}

if isWanted("QUIC") {
    targets.append(.systemLibrary(name: "CQUIC"))
}

// The released program carries Swift's libraries inside and stands at a fixed place: it starts in a third of the time and
// takes ten megabytes less, since nothing is looked up or rewritten when it is loaded. The last four are what Foundation
// consists of.
let alone: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-stdlib", "-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic"]
            + ["CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections"].map {
                "-l\($0)"
            },
        .when(platforms: [.linux], configuration: .release)
    )
]

let commandLine = [
    "CloudAPI", "CloudServer", "DataPlane", "IngressController", "JSON", "KubernetesAPI", "Ports",
    "Reports", "Scenarios", "Simulation", "Storage", "Traffic", "Worlds",
]
if only == nil || only == "albedo" {
    targets.append(
        .executableTarget(
            name: "albedo",
            dependencies: commandLine.map { .target(name: $0) }
                + [http, .product(name: "ArgumentParser", package: "swift-argument-parser")]
                + (only == nil ? [.target(name: "Serving", condition: .when(traits: ["Serve"]))] : []),
            swiftSettings: settings + (only == nil ? [.define("SERVING", .when(traits: ["Serve"]))] : []),
            linkerSettings: alone
        )
    )
}

// Tests that look at several parts, or at all of the sources.
if only == nil || only == "albedo" {
    targets.append(
        .testTarget(
            name: "CommandLineTests",
            dependencies: [.target(name: "albedo")],
            swiftSettings: settings
        )
    )
}
if only == nil || only == "Conformance" {
    targets.append(
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["Certificates", "CloudAPI", "DataPlane", "Live", "Ports", "Simulation", http],
            swiftSettings: settings
        )
    )
}
if fuzzes {
    targets.append(
        .executableTarget(
            name: "albedo-fuzz",
            dependencies: hostile.uses,
            path: hostile.path,
            swiftSettings: settings + watched + [.define("FUZZING"), .unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    )
} else if only == nil || only == "Hostile" {
    targets.append(
        .testTarget(
            name: "HostileTests",
            dependencies: hostile.uses,
            path: hostile.path,
            swiftSettings: settings
        )
    )
}
if only == nil || only == "ShippedScenario" {
    targets.append(
        .testTarget(
            name: "ShippedScenarioTests",
            dependencies: ["Scenarios", "Simulation"],
            swiftSettings: settings
        )
    )
}
if only == nil || only == "Tidy" {
    targets.append(
        .testTarget(name: "TidyTests", dependencies: ["Ports", "Simulation"], swiftSettings: settings)
    )
}

let package = Package(
    name: "albedo",
    platforms: [.macOS(.v15)],
    traits: [
        .trait(
            name: "Serve",
            description: "`albedo serve`: the environment on sockets, whose libraries make the build longer."
        ),
        .trait(
            name: "QUIC",
            description:
                "HTTP/3 on sockets: libngtcp2-dev, libngtcp2-crypto-gnutls-dev, libnghttp3-dev.",
            enabledTraits: ["Serve"]
        ),
        .default(enabledTraits: ["Serve"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: targets
)
