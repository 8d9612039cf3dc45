// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Testing

@Suite struct SignatureTextTests {
    @Test func `letters, digits and four signs stay as they are`() {
        #expect(PercentEncoding.encode("") == "")
        #expect(PercentEncoding.encode("aZ09-_.~") == "aZ09-_.~")
        #expect(PercentEncoding.encode("a b+c/%é") == "a%20b%2Bc%2F%25%C3%A9")
        #expect(PercentEncoding.encode("\u{0}\u{7f}") == "%00%7F")
    }

    /// - Source: the worked example of the RPC signature; documented.
    @Test func `what is signed is sorted, encoded, joined and encoded again`() {
        let parameters = [
            ("Timestamp", "2016-02-23T12:46:24Z"), ("Format", "XML"), ("AccessKeyId", "testid"),
            ("Action", "DescribeRegions"), ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"), ("Version", "2014-05-26"),
            ("SignatureVersion", "1.0"),
        ]
        let text = RPCSignature.stringToSign(method: "GET", parameters: parameters)
        #expect(
            text
                == "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3D"
                + "HMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26"
                + "Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"
        )
        #expect(RPCSignature.sign(text, secret: "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY=")
    }

    @Test func `a value's percent sign is encoded twice`() {
        let text = RPCSignature.stringToSign(
            method: "POST",
            parameters: [("b", "50% é"), ("a b", ""), ("b", "1")]
        )
        let once = ["a%20b=", "b=1", "b=50%25%20%C3%A9"].joined(separator: "&")
        #expect(text == "POST&%2F&" + PercentEncoding.encode(once))
    }
}
