// SPDX-License-Identifier: Apache-2.0
import Ports

/// The logs of a container's processes: of the newest, and of the one before it.
struct ContainerLogs {
    private(set) var newest: ContainerLog?
    private(set) var before: ContainerLog?

    /// A process begins, with a log of its own.
    mutating func begin(clock: any HostClock) -> ContainerLog {
        newest?.end()
        before = newest
        let log = ContainerLog(clock: clock)
        newest = log
        return log
    }

    /// The log that a query means, by how the container is.
    ///
    /// - Source: the kubelet's `validateContainerLogStatus` (seen upstream).
    /// - Throws: `LogRefusal` when there is none.
    func log(
        of life: ContainerLife,
        pod: String,
        isPrevious: Bool
    ) throws(LogRefusal) -> ContainerLog? {
        let name = life.plan.name
        if isPrevious {
            let noPrevious = LogRefusal(
                "previous terminated container \"\(name)\" in pod \"\(pod)\" not found"
            )
            guard life.last != nil else { throw noPrevious }
            if case .waiting = life.state { return newest }
            guard let before else { throw noPrevious }
            return before
        }
        guard case .waiting(let reason, _) = life.state, life.last == nil else { return newest }
        let why =
            switch reason {
            case "ErrImagePull": "image can't be pulled"
            case "ImagePullBackOff": "trying and failing to pull image"
            default: reason
            }
        throw LogRefusal("container \"\(name)\" in pod \"\(pod)\" is waiting to start: \(why)")
    }
}

/// Why a log can not be given.
struct LogRefusal: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
