// SPDX-License-Identifier: Apache-2.0
import JSON
import Storage

/// The HTML page of a run: one file that needs nothing else, whatever is connected.
public enum RunPage {
    /// The page.
    ///
    /// - Throws: `StorageError` or `ReportError` when the run cannot be read.
    public static func html(_ run: SavedRun) throws -> String {
        try run.require(for: "the HTML page")
        let data = safe(try PageData(run).json().bytes)
        return asset(PackageResources.page_html)
            .replacing("{{title}}", with: escaped(run.scenario))
            .replacing("{{style}}", with: asset(PackageResources.page_css))
            .replacing("{{script}}", with: script)
            .replacing("{{data}}", with: data)
    }

    /// JSON in which nothing can end the element that holds it.
    private static func safe(_ json: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(json.count + json.count / 16)
        for byte in json {
            if byte == UInt8(ascii: "<") { result += Array("\\u003c".utf8) } else { result.append(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static var script: String {
        [
            PackageResources.model_js, PackageResources.timeline_js, PackageResources.lanes_js,
            PackageResources.panel_js, PackageResources.page_js,
        ].map(asset).joined(separator: "\n")
    }

    private static func asset(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
