// SPDX-License-Identifier: Apache-2.0
import Ports

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Instant {
    /// The instant of a certificate's date; dates beyond what an instant can hold, such as the year 9999,
    /// become the last one that it can.
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        let limit = Double(Int64.max / 1_000_000_000)
        self.init(seconds: Int64(min(max(seconds, -limit), limit)))
    }

    /// The instant as a certificate writes it, to the second.
    var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
