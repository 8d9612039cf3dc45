// SPDX-License-Identifier: Apache-2.0
public import Ports

extension CertificateChain {
    /// Reads one or more certificates, the leaf first; other blocks are passed over.
    ///
    /// - Throws: `PEMError` when there is none, or one of them is no X.509 certificate.
    public init(pem text: String) throws(PEMError) {
        let blocks = try PEMBlock.blocks(of: text)
        var der: [[UInt8]] = []
        for (index, block) in blocks.enumerated() where Self.labels.contains(block.label) {
            do {
                _ = try ParsedCertificate.of(block.der)
            } catch {
                throw .invalidContent(label: block.label, place: index + 1, reason: error.description)
            }
            der.append(block.der)
        }
        if der.isEmpty {
            throw .wrongLabel(expected: "CERTIFICATE", found: blocks.map(\.label).joined(separator: ", "))
        }
        self.init(der: der)
    }

    private static let labels = ["CERTIFICATE", "X509 CERTIFICATE"]

    /// The chain as PEM, one block for each certificate.
    public var pem: String {
        der.map { PEMBlock(label: "CERTIFICATE", der: $0).text }.joined()
    }
}
