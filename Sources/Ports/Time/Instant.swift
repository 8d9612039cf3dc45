// SPDX-License-Identifier: Apache-2.0

/// A point in time: nanoseconds since the Unix epoch, so it is a wall-clock time too.
public struct Instant: Sendable, Hashable, Comparable, InstantProtocol {
    /// Nanoseconds since 1970-01-01T00:00:00Z; negative before it.
    public var nanoseconds: Int64

    /// Makes an instant from nanoseconds since the Unix epoch.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Makes an instant from whole seconds since the Unix epoch.
    public init(seconds: Int64) {
        self.nanoseconds = seconds * 1_000_000_000
    }

    /// Whole seconds since the Unix epoch, rounded down.
    public var seconds: Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Whole milliseconds since the Unix epoch, rounded towards zero.
    public var milliseconds: Int64 { nanoseconds / 1_000_000 }

    /// The instant `duration` later.
    public func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds + duration.nanoseconds)
    }

    /// How long it is from here to `other`; negative when `other` is earlier.
    public func duration(to other: Instant) -> Duration {
        Duration(nanoseconds: other.nanoseconds - nanoseconds)
    }

    /// Orders instants by time.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The duration in whole nanoseconds, rounded towards zero.
    public var nanoseconds: Int64 {
        // Short ones are divided as 64 bits, which is many times quicker: every entry of a trace has one.
        if let short = Int64(exactly: attoseconds) { return short / 1_000_000_000 }
        return Int64(attoseconds / 1_000_000_000)
    }

    /// So many nanoseconds; `.nanoseconds` does the same behind a call.
    package init(nanoseconds: Int64) {
        self.init(attoseconds: Int128(nanoseconds) &* 1_000_000_000)
    }

    /// The duration in seconds, for ratios and figures; never for deciding what happens next.
    public var inSeconds: Double { Double(nanoseconds) / 1e9 }

    /// The duration times `factor`, rounded to nanoseconds.
    public func scaled(by factor: Double) -> Duration {
        .nanoseconds(Int64((Double(nanoseconds) * factor).rounded()))
    }
}
