// SPDX-License-Identifier: Apache-2.0

/// How far a share may lie from what is meant by chance alone.
enum Confidence {
    /// Half the width of the interval around a share in which so many independent draws land with a confidence.
    static func halfWidth(of share: Double, count: Int, confidence: Double) -> Double {
        guard count > 0 else { return 1 }
        let deviation = (share * (1 - share) / Double(count)).squareRoot()
        return deviations(confidence) * deviation
    }

    /// How many standard deviations hold a confidence, to both sides of the middle.
    ///
    /// The inverse of the normal distribution by bisection over its series, which needs no library and gives the
    /// same bits everywhere.
    static func deviations(_ confidence: Double) -> Double {
        var (low, high) = (0.0, 8.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if within(middle) < confidence { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The chance to land within so many standard deviations of the middle: the sum of x^(2n+1) / (1·3·5…(2n+1)),
    /// times twice the density.
    private static func within(_ x: Double) -> Double {
        var term = x
        var sum = x
        var odd = 1.0
        while term > sum * 1e-17 {
            odd += 2
            term *= x * x / odd
            sum += term
        }
        return 2 * sum * exponential(-x * x / 2) / 2.506_628_274_631_000_5
    }

    /// e to the power of a number that is not positive.
    private static func exponential(_ power: Double) -> Double {
        // Halved until the series is short, and squared as often.
        var halvings = 0
        var x = power
        while x < -0.5 {
            x /= 2
            halvings += 1
        }
        var (term, sum, place) = (1.0, 1.0, 0.0)
        while term.magnitude > 1e-18 {
            place += 1
            term *= x / place
            sum += term
        }
        for _ in 0..<halvings { sum *= sum }
        return sum
    }
}
