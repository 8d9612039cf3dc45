// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes

extension HTTPFields {
    /// The value of a name, several of them joined as the subscript joins them.
    ///
    /// Nearly every field stands once: then no list of its values is made.
    public func value(of name: HTTPField.Name) -> String? {
        let wanted = name.canonicalName
        var found: Int?
        for index in 0..<endIndex {
            let canonical = self[index].name.canonicalName
            guard canonical.utf8.count == wanted.utf8.count, canonical == wanted else { continue }
            if found != nil { return self[name] }
            found = index
        }
        return found.map { self[$0].value }
    }
}
