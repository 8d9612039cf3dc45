// SPDX-License-Identifier: Apache-2.0

/// A product in one of its API versions: what a call's version stands for.
///
/// - Source: the versions in the vendor's SDKs; seen upstream.
enum CloudService: String, Sendable, CaseIterable {
    case alb = "2020-06-16"
    case cas = "2020-06-19"
    case casWithOrders = "2020-04-07"
    case casOfOld = "2018-07-13"
    case vpc = "2016-04-28"
    case ecs = "2014-05-26"
    case sts = "2015-04-01"
    case tag = "2018-08-28"
    case sls = "2019-10-23"

    init?(version: String) { self.init(rawValue: version) }

    /// The service that a host name stands for, when a call has no version: `alb-vpc.cn-hangzhou.aliyuncs.com`.
    init?(host: String) {
        let label = host.split(separator: ".").first ?? ""
        if host.contains(".log.") {
            self = .sls
        } else if let found = Self.allCases.first(where: {
            label == $0.label || label.hasPrefix($0.label + "-")
        }) {
            self = found
        } else {
            return nil
        }
    }

    var version: String { rawValue }

    /// The product's name as traces spell it.
    var product: String {
        switch self {
        case .alb: "Alb"
        case .cas, .casWithOrders, .casOfOld: "Cas"
        case .vpc: "Vpc"
        case .ecs: "Ecs"
        case .sts: "Sts"
        case .tag: "Tag"
        case .sls: "Sls"
        }
    }

    private var label: String { product.lowercased() }

    /// The host name in errors.
    func hostName(region: String) -> String {
        switch self {
        case .cas, .casWithOrders, .casOfOld, .sts: "\(label).aliyuncs.com"
        case .sls: "\(region).log.aliyuncs.com"
        default: "\(label).\(region).aliyuncs.com"
        }
    }
}
