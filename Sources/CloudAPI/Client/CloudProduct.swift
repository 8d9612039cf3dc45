// SPDX-License-Identifier: Apache-2.0

/// A product of the cloud: the version in its calls and the beginning of its host name.
public enum CloudProduct: String, Sendable, Hashable, CaseIterable {
    /// Application Load Balancer.
    case alb = "Alb"
    /// Certificate service.
    case cas = "Cas"
    /// Virtual private cloud.
    case vpc = "Vpc"
    /// Elastic compute.
    case ecs = "Ecs"
    /// Log service, its control calls.
    case sls = "Sls"

    /// The API version that the ALB Ingress controller uses.
    public var version: String {
        switch self {
        case .alb: "2020-06-16"
        case .cas: "2020-06-19"
        case .vpc: "2016-04-28"
        case .ecs: "2014-05-26"
        case .sls: "2019-10-23"
        }
    }
}
