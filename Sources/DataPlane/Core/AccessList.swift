// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// A listener's address lists, read.
///
/// - Source: documented: a white list lets only its entries in, a black list keeps them out. What an empty white
///   list does is a setting, since texts disagree.
struct AccessList: Sendable {
    private let isWhiteList: Bool
    private let blocks: [AddressBlock]
    private let emptyWhiteListRefuses: Bool

    init(_ control: AccessControl, settings: DataPlaneSettings) {
        isWhiteList = control.isWhiteList
        blocks = control.entries.compactMap(AddressBlock.init)
        emptyWhiteListRefuses = settings.emptyWhiteListRefuses
    }

    /// True when a client with this address may send requests.
    func admits(_ source: IPAddress?) -> Bool {
        if blocks.isEmpty { return !isWhiteList || !emptyWhiteListRefuses }
        let isListed = source.map { source in blocks.contains { $0.contains(source) } } ?? false
        return isListed == isWhiteList
    }
}
