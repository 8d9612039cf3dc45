// SPDX-License-Identifier: Apache-2.0

/// What each part may import besides the parts that the package's table allows it.
///
/// Foundation's full form is kept out everywhere: it brings dates, locales and queues.
let allowedPackages: [String: Set<String>] = [
    "Gzip": [],
    "JSON": ["Synchronization"],
    "YAML": ["Yams"],
    "Ports": ["HTTPTypes", "Synchronization"],
    "Streams": ["Crypto"],
    "Storage": ["GRDB", "GRDBSQLite", "Synchronization", "Glibc", "Musl", "Darwin"],
    "Simulation": ["DequeModule", "HTTPTypes", "Synchronization", "Glibc", "Musl", "Darwin"],
    "QUIC": ["CQUIC", "DequeModule", "HTTPTypes", "Glibc", "Musl"],
    "Live": [
        "Dispatch", "HTTPTypes", "NIOCore", "NIOHPACK", "NIOHTTP2", "NIOPosix", "NIOSSL", "NIOTLS",
        "Synchronization", "Glibc", "Musl", "Darwin",
    ],
    "Certificates": [
        "Crypto", "Foundation", "FoundationEssentials", "SwiftASN1", "Synchronization", "X509",
        "_CryptoExtras",
    ],
    "KubernetesAPI": ["HTTPTypes", "Synchronization"],
    "CloudAPI": ["Crypto", "FoundationEssentials", "HTTPTypes", "Synchronization"],
    "KubernetesServer": ["Crypto", "DequeModule", "HTTPTypes", "OrderedCollections", "Synchronization"],
    "CloudServer": ["Crypto", "HTTPTypes", "OrderedCollections", "Synchronization"],
    "Cluster": ["DequeModule", "HTTPTypes", "OrderedCollections", "Synchronization"],
    "IngressController": ["Crypto", "HTTPTypes", "OrderedCollections", "Synchronization"],
    "DataPlane": ["DequeModule", "HTTPTypes", "OrderedCollections", "Synchronization", "_StringProcessing"],
    "Traffic": ["DequeModule", "HTTPTypes", "OrderedCollections", "Synchronization"],
    "Serving": [
        "Dispatch", "FoundationEssentials", "Glibc", "HTTPTypes", "Musl", "Darwin", "Synchronization",
    ],
    "Worlds": ["HTTPTypes", "Synchronization"],
    "Reports": ["HTTPTypes", "Synchronization"],
    "Scenarios": [
        "Crypto", "Foundation", "FoundationEssentials", "Glibc", "HTTPTypes", "Musl", "Darwin",
        "Synchronization",
        "Yams",
    ],
]

/// Words that may not stand in code that can run inside a simulation, and why.
let bannedCalls: [(pattern: String, reason: String)] = [
    (#"\bDate\(\)"#, "reads the real time; use host.clock.now"),
    (#"\bDate\.now\b"#, "reads the real time; use host.clock.now"),
    (#"\b(Continuous|Suspending)Clock\b"#, "is real time; use host.clock"),
    (#"\bclock_gettime\b|\bgettimeofday\b|\btime\(nil\)"#, "reads the real time; use host.clock.now"),
    (#"\bTask\.sleep\b"#, "sleeps in real time; use host.clock.sleep"),
    (#"\bTask\s*(<[^>]*>)?\s*\{"#, "leaves the executor; use a task group or async let"),
    (#"\bTask\.(detached|immediate)\b"#, "leaves the executor; use a task group or async let"),
    (#"\bDispatchQueue\b"#, "is a foreign executor"),
    (#"@MainActor\b"#, "is a foreign executor"),
    (#"\bThread\b\s*[.({]|\bpthread_create\b"#, "is a foreign thread"),
    (#"\bUUID\(\)"#, "is the system's randomness; use host.random"),
    (#"\.random\(in:[^,)]*\)"#, "is the system's randomness; use the variant with using:"),
    (#"\.shuffled\(\)|\.randomElement\(\)|\bSystemRandomNumberGenerator\b"#, "is the system's randomness"),
    (#"\.hashValue\b"#, "differs from process to process"),
    (#"\bDateFormatter\b|\bLocale\b|\bTimeZone\b"#, "depends on the machine"),
    (#"\bProcessInfo\b|\bgetenv\b"#, "depends on the machine"),
    (#"\bJSONEncoder\b"#, "orders keys by chance; use our own writer"),
    (
        #"return \(\w+, .*\btry await\b"#,
        "optimized, Swift 6.3.1 may lose the value before it; make the tuple after the call"
    ),
    (#"\bValueObservation\b|\basyncRead\b|\basyncWrite"#, "hops to a dispatch queue"),
]

/// The places where a banned word is right: file, and what of its lines is allowed.
///
/// `Live`, `QUIC` and `Serving` never run inside a simulation and may use all of them.
let exceptions: [(file: String, pattern: String, reason: String)] = [
    (
        "Sources/Simulation/Simulation.swift", #"Task\(executorPreference"#,
        "the root task of a simulation, on the simulation's executor"
    )
]
