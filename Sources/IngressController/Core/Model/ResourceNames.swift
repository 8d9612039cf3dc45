// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The names and tags that the controller gives to what it makes in the cloud.
///
/// - Source: the open-source controller's name and tag rules; seen upstream.
enum ResourceNames {
    static let clusterTag = "ack.aliyun.com"
    static let albConfigTag = "ingress.k8s.alibaba/albconfig"
    static let resourceTag = "ingress.k8s.alibaba/resource"
    static let serviceNamespaceTag = "ingress.k8s.alibaba/service_ns"
    static let ingressNameTag = "ingress.k8s.alibaba/ingress_name"
    static let serviceNameTag = "ingress.k8s.alibaba/service_name"
    static let servicePortTag = "ingress.k8s.alibaba/service_port"

    /// The value of the resource tag of a load balancer.
    static let loadBalancerResource = "ApplicationLoadBalancer"
    /// The namespace that AlbConfigs count as being in, although they are in none.
    static let albConfigNamespace = "kube-system"
    /// The finalizer of an AlbConfig.
    static let finalizer = "ingress.k8s.alibaba/resources"
    /// The beginning of a listener's description, by which the controller knows its own.
    static let listenerDescription = "ingress-auto-listener"

    /// The value of the AlbConfig tag.
    static func group(_ albConfig: String) -> String { "\(albConfigNamespace)/\(albConfig)" }

    /// The name of a load balancer whose AlbConfig gives none.
    static func loadBalancer(cluster: String, albConfig: String) -> String {
        let plain = [albConfigNamespace, albConfig].map {
            $0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        let digest = hex(SHA256.hash(data: Array((cluster + group(albConfig)).utf8)))
        return "k8s-\(plain[0])-\(plain[1])-\(digest.prefix(10))"
    }

    /// The name of an uploaded certificate: one for each content.
    static func certificate(
        namespace: String,
        secret: String,
        cluster: String,
        certificate: String,
        privateKey: String
    ) -> String {
        let digest = hex(Insecure.SHA1.hash(data: Array((cluster + certificate + privateKey).utf8)))
        return "\(certificateStem(namespace: namespace, secret: secret))\(digest.prefix(6))"
    }

    /// What the names of all uploads of one Secret begin with.
    static func certificateStem(namespace: String, secret: String) -> String { "\(namespace)-\(secret)-" }

    /// True when a certificate's name is that of an upload of the Secret with this stem.
    static func isUpload(_ name: String, stem: String) -> Bool {
        guard name.hasPrefix(stem) else { return false }
        let digest = name.dropFirst(stem.count)
        return digest.count == 6 && digest.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }

    /// The tag that tells server groups apart; older ones hold the text itself.
    static func resourceTagValue(_ text: String) -> String {
        hex(SHA256.hash(data: Array(text.utf8)))
    }

    /// The tag's present form of what a tag holds.
    static func normalizedResourceTag(_ value: String) -> String {
        value.contains("/") && value.contains("-") && value.contains(":") ? resourceTagValue(value) : value
    }

    /// A tag value as the cloud takes it: some beginnings are reserved.
    static func tagValue(_ value: String) -> String {
        value.hasPrefix("aliyun") || value.hasPrefix("acs:") ? "_" + value : value
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
