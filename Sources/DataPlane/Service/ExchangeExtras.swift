// SPDX-License-Identifier: Apache-2.0
import Ports

/// What few exchanges have beside what all have: an exchange is made and let go of for each request, and is small without.
final class ExchangeExtras {
    /// Connections that carry copies.
    var mirrors: [SlotID] = []
    /// How answers carry the session on; nil without stickiness.
    var session: SessionBinding?
    /// The answer on its way through the packer; nil when it is sent as it is.
    var packer: BodyPacker?
    /// What the access log will say; nil when it is off.
    var log: AccessLogEntry?
    /// Servers that could not be reached.
    var tried: [Backend] = []
}

extension Exchange {
    var mirrors: [SlotID] { extras?.mirrors ?? [] }
    var session: SessionBinding? { extras?.session }
    var packer: BodyPacker? { extras?.packer }
    var tried: [Backend] { extras?.tried ?? [] }
    var log: AccessLogEntry? { extras?.log }

    /// What few exchanges have, made for this one when it has none yet.
    var withExtras: ExchangeExtras {
        if let extras { return extras }
        let made = ExchangeExtras()
        extras = made
        return made
    }
}
