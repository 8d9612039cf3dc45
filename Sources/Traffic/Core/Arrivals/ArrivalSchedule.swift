// SPDX-License-Identifier: Apache-2.0
import Ports

/// The instants at which requests begin, as offsets from the start: exact, however long the traffic goes on.
struct ArrivalSchedule: Sendable {
    /// Later arrivals never come: instants end in the year 2262.
    private static let lastOffset: UInt64 = 200 * 366 * 86_400 * 1_000_000_000

    /// The time between two arrivals as a fraction, in nanoseconds, so that nothing is lost to rounding.
    private let period: (numerator: UInt64, denominator: UInt64)
    private let limit: UInt64
    /// Offsets from here on do not count, measured without the delay.
    private let end: Int64
    private let delay: Int64
    private var random: RandomStream?
    /// The offset of the next arrival without the delay; nil after the last.
    private var offset: Int64?
    /// How many arrivals there have been.
    private(set) var count: UInt64 = 0

    /// Makes a schedule; `random` is drawn from by random patterns only.
    init(_ description: TrafficDescription, random: RandomStream) {
        var limit = description.count.map { UInt64($0) } ?? .max
        switch description.load {
        case .once:
            period = (1, 1)
            limit = 1
        case .every(let time): period = (UInt64(max(1, time.nanoseconds)), 1)
        case .constant(let rate):
            // Rates are kept to a millionth of a request a second.
            period = (1_000_000_000_000_000, UInt64(max(1, (rate * 1_000_000).rounded())))
        }
        self.limit = limit
        end = description.lasting?.nanoseconds ?? .max
        delay = description.delay.nanoseconds
        self.random = description.arrivals == .poisson ? random : nil
        offset = 0
        if self.random != nil { offset = within(UInt64(clamping: drawnStep())) }
    }

    /// When the next arrival is due, in nanoseconds after the start; nil after the last.
    var next: Int64? { offset.map { delay + $0 } }

    /// The next arrival has happened.
    mutating func advance() {
        guard let present = offset else { return }
        count += 1
        if random != nil {
            offset = within(UInt64(clamping: UInt128(present) + drawnStep()))
        } else {
            offset = end(of: count)
        }
        if count >= limit { offset = nil }
    }

    /// Where so many periods end, if that counts.
    private func end(of periods: UInt64) -> Int64? {
        let product = periods.multipliedFullWidth(by: period.numerator)
        guard product.high < period.denominator else { return nil }
        return within(period.denominator.dividingFullWidth(product).quotient)
    }

    private func within(_ offset: UInt64) -> Int64? {
        guard offset <= Self.lastOffset else { return nil }
        let offset = Int64(offset)
        return offset < end ? offset : nil
    }

    private mutating func drawnStep() -> UInt128 {
        let drawn = UInt128(random?.exponential() ?? 0)
        return (drawn * UInt128(period.numerator) / UInt128(period.denominator)) >> 32
    }
}

extension RandomStream {
    /// A number with the exponential distribution of mean 1, in units of 2⁻³².
    ///
    /// After von Neumann: it compares uniform numbers and computes no logarithm, which could differ in its
    /// last digit from one machine to another.
    mutating func exponential() -> UInt64 {
        var whole: UInt64 = 0
        while true {
            let first = next() >> 32
            var lowest = first
            var isOdd = true
            while true {
                let other = next() >> 32
                if other >= lowest { break }
                lowest = other
                isOdd.toggle()
            }
            if isOdd { return whole << 32 | first }
            whole += 1
        }
    }
}
