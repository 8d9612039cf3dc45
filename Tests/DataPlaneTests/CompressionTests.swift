// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

@Suite struct CompressionTests {
    @Test func `only answers of text, large enough and not packed yet, are packed`() {
        let request = get("/", fields: [.acceptEncoding: "gzip"])
        func isWanted(
            _ fields: HTTPFields,
            status: Int = 200,
            length: Int = 2000,
            _ asked: HTTPRequest? = nil
        ) -> Bool {
            PackingChoice.packer(
                HTTPResponse(status: .init(code: status), headerFields: fields),
                length: length,
                request: asked ?? request
            ) != nil
        }
        #expect(isWanted([.contentType: "text/html; charset=utf-8"]))
        #expect(isWanted([.contentType: "application/json"], status: 404))
        #expect(!isWanted([.contentType: "text/html"], length: 1024))
        #expect(!isWanted([.contentType: "image/png"]))
        #expect(!isWanted([.contentType: "text/html", .contentEncoding: "br"]))
        #expect(!isWanted([.contentType: "text/html"], status: 206))
        #expect(
            !isWanted([.contentType: "text/html"], get("/", method: .head, fields: [.acceptEncoding: "gzip"]))
        )
        #expect(!isWanted([.contentType: "text/html"], get("/")))
    }

    @Test(arguments: [
        ("br", "br"), ("gzip, br", "br"), ("gzip, deflate, br;q=0.1", "br"), ("br;q=0, gzip", "gzip"),
        ("*", "gzip"), ("gzip", "gzip"), ("deflate", nil), ("brotli", nil),
    ])
    func `Brotli comes before gzip when both are taken`(_ field: String, _ coding: String?) {
        let packer = PackingChoice.packer(
            HTTPResponse(status: .ok, headerFields: [.contentType: "text/html"]),
            length: 2000,
            request: get("/", fields: [.acceptEncoding: field])
        )
        #expect(packer?.name == coding)
    }
}
