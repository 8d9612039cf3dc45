// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The exponent with which a figure grows over the runs of a sweep: the slope of the line through the logarithms.
struct Slope {
    private let law: ScaleLaw
    private let points: [(x: Double, y: Double)]

    init(_ law: ScaleLaw, _ figures: [(values: [String: String], figure: Figure)]) {
        self.law = law
        points = figures.compactMap { values, figure in
            guard figure.name == law.figure, let x = values[law.over].flatMap(Double.init), x > 0,
                figure.value > 0
            else { return nil }
            return (x, figure.value)
        }
    }

    /// The exponent; nil with fewer than two values.
    var exponent: Double? {
        guard points.count > 1 else { return nil }
        let logs = points.map { (x: log($0.x), y: log($0.y)) }
        let count = Double(logs.count)
        let meanX = logs.reduce(0) { $0 + $1.x } / count
        let meanY = logs.reduce(0) { $0 + $1.y } / count
        let covariance = logs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        let variance = logs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        return variance > 0 ? covariance / variance : nil
    }

    /// The exponent as reports tell it.
    var told: Figure {
        Figure(
            name: "exponent of \(law.figure) over \(law.over)",
            value: exponent ?? .nan,
            text: exponent.map(Self.text) ?? "none"
        )
    }

    /// What is wrong; nil when the law is kept.
    var failure: Failure? {
        if let exponent, law.bounds.contain(exponent) { return nil }
        let limits = law.bounds.words { Self.text($0) }
        let rows = points.map {
            "\(law.over)=\(Int($0.x)): \($0.y == $0.y.rounded() ? "\(Int($0.y))" : "\($0.y)")"
        }
        return Failure(
            place: law.place,
            name: law.name,
            expected: "\(law.figure) grows with an exponent of \(limits) over \(law.over)",
            seen: [
                exponent.map { "the exponent is \(Self.text($0))" }
                    ?? "there are not two runs with that figure"
            ]
                + [rows.joined(separator: ", ")]
        )
    }

    private static func text(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let fraction = String(hundredths.magnitude % 100)
        return
            "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(fraction.count < 2 ? "0" : "")\(fraction)"
    }
}
