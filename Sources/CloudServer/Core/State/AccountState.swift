// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// An account in memory: its resources, the work under way, and what its load balancers serve.
///
/// Everything happens in one synchronous step: a call goes in; an answer, works that began and configurations
/// to hand over come out. It waits for nothing and is guarded by whoever owns it.
final class AccountState {
    var account: CloudAccount
    var store = ResourceStore()
    /// Works under way, by id.
    var works: [String: Work] = [:]
    /// What zones should serve.
    var served: ServedConfigurations
    let inventory: any NetworkInventory
    let health: any HealthSource
    var random: RandomStream

    // What the present step gives, taken by the owner after it.
    /// Works that began and do not end at once.
    var begun: [Work] = []
    /// Configurations to hand over.
    var handovers: [Handover] = []
    /// The main resource of the present call, for the trace.
    var mainResource = ""
    /// Resources whose state the present call showed, be it by a refusal.
    var shown: [ResourceKey] = []
    /// The next address to try in each zone's pool.
    var addressCursor: [String: Int] = [:]

    init(
        account: CloudAccount,
        inventory: any NetworkInventory,
        health: any HealthSource,
        random: RandomStream
    ) {
        self.account = account
        self.inventory = inventory
        self.health = health
        self.random = random
        served = ServedConfigurations()
    }

    // MARK: Names

    private static let idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

    /// An id that no resource of the kind has.
    func newID(_ kind: ResourceKind) -> String {
        while true {
            let id = kind.prefix + random.letters(18, from: Self.idAlphabet)
            if store[kind, id] == nil { return id }
        }
    }

    // MARK: Looking up

    /// A resource that a call names, or the refusal that it does not exist.
    func require(_ kind: ResourceKind, _ id: String) throws(CloudRefusal) -> Resource {
        guard let found = store[kind, id] else { throw .notFound(kind) }
        mainResource = id
        return found
    }

    /// Refuses an operation that the resource's state does not allow.
    func check(_ resource: Resource, allows operation: StageOperation) throws(CloudRefusal) {
        if !Stage.of(resource.kind, operation).from.contains(resource.status) {
            shown.append(resource.key)
            throw .incorrectStatus(resource.kind)
        }
    }

    /// A load balancer that may be changed now, or whose listeners may.
    func requireActiveLoadBalancer(_ id: String) throws(CloudRefusal) -> Resource {
        let loadBalancer = try require(.loadBalancer, id)
        try checkBusiness(of: loadBalancer)
        try check(loadBalancer, allows: .change)
        return loadBalancer
    }

    /// A listener that may be changed now, with its load balancer.
    func requireListener(
        _ id: String,
        for operation: StageOperation = .change
    ) throws(CloudRefusal) -> (listener: Resource, loadBalancer: Resource) {
        let listener = try require(.listener, id)
        let loadBalancer = try requireActiveLoadBalancer(listener.parent)
        try check(listener, allows: operation)
        mainResource = id
        return (listener, loadBalancer)
    }

    func resourceGroup(_ call: Call) throws(CloudRefusal) -> String {
        guard let group = call.optionalText("ResourceGroupId") else {
            return account.resourceGroups.first ?? ""
        }
        guard account.resourceGroups.contains(group) else {
            throw CloudRefusal("NotExist.ResourceGroup", "The specified resource group does not exist.")
        }
        return group
    }

    // MARK: Making

    /// Adds a resource in the state that a creation begins with.
    @discardableResult
    func add(
        _ kind: ResourceKind,
        _ id: String,
        parent: String = "",
        status: String? = nil,
        hidden: JSONObject = [:],
        tags: [Tag] = [],
        _ document: JSONObject
    ) -> Resource {
        let resource = Resource(
            kind: kind,
            id: id,
            serial: store.takeSerial(),
            parent: parent,
            status: status ?? Stage.of(kind, .create).during,
            document: document,
            hidden: hidden,
            tags: tags
        )
        store.insert(resource)
        return resource
    }
}

/// A configuration, or the end of one, on its way to the zones.
enum Handover: Sendable {
    case apply(LoadBalancerConfiguration)
    /// The load balancer is gone from these zones, and from all of them when it is deleted.
    case remove(loadBalancer: String, zones: [String])

    /// The load balancer's id.
    var loadBalancer: String {
        switch self {
        case .apply(let configuration): configuration.id
        case .remove(let id, _): id
        }
    }
}
