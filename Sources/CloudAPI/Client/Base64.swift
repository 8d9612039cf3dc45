// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// Base64 as RFC 4648 has it, with padding.
public enum Base64 {
    /// Encodes bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    /// Decodes a text; nil when it is not base64.
    public static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text).map { Array($0) }
    }
}
