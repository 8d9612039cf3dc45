// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import IngressController

@Suite struct PathPatternTests {
    @Test(arguments: [
        ("ImplementationSpecific", "/img", false, ["/img"]),
        ("ImplementationSpecific", "/img/*", false, ["/img/*"]),
        ("ImplementationSpecific", "/x", true, ["/x"]),
        ("Exact", "/foo", false, ["/foo"]),
        ("Exact", "/foo/", false, ["/foo/"]),
        ("Exact", "/foo", true, ["/foo"]),
        ("Prefix", "/", false, ["/*"]),
        ("Prefix", "/", true, ["/*"]),
        ("Prefix", "/foo", false, ["/foo", "/foo/*"]),
        ("Prefix", "/foo/", false, ["/foo", "/foo/*"]),
        ("Prefix", "/foo/(.*)", true, ["~*/foo/(.*)"]),
    ])
    func `a path becomes these values`(type: String, path: String, isRegex: Bool, values: [String]) throws {
        #expect(try PathPattern.values(path: path, type: type, isRegex: isRegex) == values)
    }

    @Test(arguments: [("Exact", "/foo*"), ("Exact", "/f?o"), ("Prefix", "/foo/*"), ("Prefix", "/a?")])
    func `a wildcard is refused where the type allows none`(type: String, path: String) {
        #expect(throws: BuildError.self) { try PathPattern.values(path: path, type: type, isRegex: false) }
    }

    @Test func `use-regex must say true`() {
        func isRegex(_ value: String, _ profile: Profile) -> Bool {
            PathPattern.isRegex(
                Annotations(["alb.ingress.kubernetes.io/use-regex": value], profile: profile),
                path: "/a"
            )
        }
        #expect(isRegex("true", .managed))
        #expect(!isRegex("false", .managed))
        #expect(isRegex("false", .oss))
        #expect(!isRegex(" ", .oss))
    }

    @Test func `a rewrite target makes prefixes regular expressions unless it is the path itself`() {
        let annotations = Annotations(["alb.ingress.kubernetes.io/rewrite-target": "/a"], profile: .managed)
        #expect(PathPattern.isRegex(annotations, path: "/b"))
        #expect(!PathPattern.isRegex(annotations, path: "/a"))
    }

    @Test(arguments: [
        ("*.a.com", "x.a.com", true), ("*.a.com", "a.com", false), ("x.a.com", "*.a.com", false),
        ("/a/*", "/a/b/*", true), ("*", "anything", true), ("a?c", "abc", true), ("a?c", "a*c", false),
        ("/a", "/a", true),
    ])
    func `a pattern covers a narrower one`(outer: String, inner: String, covers: Bool) {
        #expect(PatternIntersection.covers(outer, inner) == covers)
    }
}
