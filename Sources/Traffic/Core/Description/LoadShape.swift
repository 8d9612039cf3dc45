// SPDX-License-Identifier: Apache-2.0

/// When requests begin: open loop, so a slow answer delays no later request.
public enum LoadShape: Sendable, Hashable {
    /// One, at the start.
    case once
    /// One at the start, then one after each such time: probes.
    case every(Duration)
    /// So many a second; 0.000001 to 1,000,000.
    case constant(perSecond: Double)
}

/// How the beginnings of requests are spread in time.
public enum ArrivalPattern: String, Sendable, Hashable {
    /// Exactly as far apart as the load's shape says.
    case regular
    /// At random with the same mean, as independent users come.
    case poisson
}

/// Which request begins at an arrival.
public enum RequestSelection: String, Sendable, Hashable {
    /// One after another; each as often as its weight says, in an even mix.
    case rotation
    /// Drawn, with the chances that the weights say.
    case random
    /// All of them, in order: a probe matrix.
    case all
}
