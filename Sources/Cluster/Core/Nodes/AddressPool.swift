// SPDX-License-Identifier: Apache-2.0

/// The pod addresses of a range: an address that was given back is not given out again before all others.
struct AddressPool: Sendable {
    private let network: UInt32
    private let size: UInt32
    private var taken: Set<UInt32> = []
    /// The last address given out, counted from the network's.
    private var last: UInt32 = 0

    /// Makes a pool of a range such as `10.0.1.0/24`; nil when the text is no IPv4 range with room for pods.
    init?(_ range: String) {
        let parts = range.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = UInt32(parts[1]), (8...30).contains(bits),
            let address = Self.number(String(parts[0]))
        else { return nil }
        size = 1 << (32 - bits)
        network = address & ~(size - 1)
    }

    /// The lowest free address after the last one given out, from the beginning again at the end.
    ///
    /// The network's own address, the router's and the broadcast address are left out; nil when all others are
    /// taken.
    mutating func take() -> String? {
        for step in 1...size {
            let place = (last + step) % size
            guard place > 1, place < size - 1, !taken.contains(place) else { continue }
            taken.insert(place)
            last = place
            return Self.text(network + place)
        }
        return nil
    }

    /// Marks an address as taken that somebody has already.
    mutating func reserve(_ address: String) {
        if let place = place(address) { taken.insert(place) }
    }

    /// Takes an address back.
    mutating func give(back address: String) {
        if let place = place(address) { taken.remove(place) }
    }

    private func place(_ address: String) -> UInt32? {
        guard let number = Self.number(address), number >= network, number - network < size else {
            return nil
        }
        return number - network
    }

    private static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            number = number << 8 | UInt32(part)
        }
        return number
    }

    private static func text(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }
}
