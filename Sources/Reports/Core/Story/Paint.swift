// SPDX-License-Identifier: Apache-2.0

/// Colours for a terminal; never the only thing that tells something.
public struct Paint: Sendable {
    private let isOn: Bool

    /// Makes colours, or none.
    public init(isOn: Bool) {
        self.isOn = isOn
    }

    /// No colours.
    public static let none = Paint(isOn: false)

    private func paint(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }

    /// Something that is as it should be.
    public func good(_ text: String) -> String { paint(text, "32") }
    /// Something that is not as it should be.
    public func bad(_ text: String) -> String { paint(text, "31") }
    /// Something that needs attention.
    public func warning(_ text: String) -> String { paint(text, "33") }
    /// Something of less weight.
    public func dim(_ text: String) -> String { paint(text, "2") }
    /// Something of more weight.
    public func strong(_ text: String) -> String { paint(text, "1") }
}
