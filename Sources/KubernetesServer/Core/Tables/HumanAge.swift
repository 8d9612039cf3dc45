// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// How long ago something was, in the few letters that tables have room for.
///
/// - Source: k8s.io/apimachinery, pkg/util/duration; seen upstream.
enum HumanAge {
    /// The age of a time stamp; `<unknown>` without one.
    static func since(_ time: JSONValue?, now: Instant) -> String {
        guard let stamp = time?.stringValue, let instant = Instant(rfc3339: stamp) else { return "<unknown>" }
        return text(seconds: instant.duration(to: now).components.seconds)
    }

    /// A length of time.
    static func text(seconds: Int64) -> String {
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return parts(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = seconds / 3600
        if hours < 8 { return parts(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if hours < 192 { return parts(hours / 24, "d", hours % 24, "h") }
        if hours < 24 * 365 * 2 { return "\(hours / 24)d" }
        if hours < 24 * 365 * 8 { return parts(hours / 24 / 365, "y", hours / 24 % 365, "d") }
        return "\(hours / 24 / 365)y"
    }

    private static func parts(_ large: Int64, _ letter: String, _ small: Int64, _ other: String) -> String {
        small == 0 ? "\(large)\(letter)" : "\(large)\(letter)\(small)\(other)"
    }
}
