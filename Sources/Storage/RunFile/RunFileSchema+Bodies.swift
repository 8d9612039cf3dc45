// SPDX-License-Identifier: Apache-2.0

/// The tables beside the trace: what entries only name, and what was judged.
extension RunFileSchema {
    /// The tables and views that format 2 brought.
    static let bodies = """
        CREATE TABLE object_body (revision INTEGER PRIMARY KEY, body TEXT NOT NULL);
        CREATE VIEW object_bodies AS SELECT o.entry, o.at_s, o.verb, o.resource, o.namespace, o.name,
          o.revision, b.body FROM objects o JOIN object_body b ON b.revision = o.revision;
        CREATE TABLE configuration_part (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE configuration_body (load_balancer TEXT NOT NULL, version INTEGER NOT NULL,
          head TEXT NOT NULL, listeners TEXT NOT NULL, server_groups TEXT NOT NULL,
          PRIMARY KEY (load_balancer, version)) WITHOUT ROWID;
        CREATE VIEW configuration_parts AS
          SELECT c.load_balancer, c.version, 'listener' AS kind, p.body FROM configuration_body c,
            json_each(c.listeners) l JOIN configuration_part p ON p.id = l.value
          UNION ALL
          SELECT c.load_balancer, c.version, 'server group', p.body FROM configuration_body c,
            json_each(c.server_groups) g JOIN configuration_part p ON p.id = g.value;
        CREATE TABLE expectation (number INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL,
          line INTEGER NOT NULL, "column" INTEGER NOT NULL, expected TEXT NOT NULL, met INTEGER NOT NULL,
          first_wrong_ns INTEGER, seen TEXT NOT NULL);
        """

    /// What makes single entries quick to find; made when all of them are there.
    static let indexes = """
        CREATE INDEX IF NOT EXISTS entry_at ON entry (at_ns);
        CREATE INDEX IF NOT EXISTS proxied_exchange ON proxied (connection, exchange);
        CREATE INDEX IF NOT EXISTS request_exchange ON request (connection, exchange);
        CREATE INDEX IF NOT EXISTS object_name ON object (resource, namespace, name, revision);
        CREATE INDEX IF NOT EXISTS object_revision ON object (revision);
        CREATE INDEX IF NOT EXISTS call_revision ON api_call (revision) WHERE revision > 0;
        CREATE INDEX IF NOT EXISTS pass_number ON reconcile (pass);
        CREATE INDEX IF NOT EXISTS served_version ON configuration (load_balancer, zone, version);
        """
}

/// A configuration version of a load balancer, as texts.
public struct SavedConfiguration: Sendable, Hashable {
    /// The load balancer's id.
    public var loadBalancer: String
    /// The version.
    public var version: Int64
    /// Everything but listeners and server groups, as JSON.
    public var head: String
    /// The listeners, each as JSON.
    public var listeners: [String]
    /// The server groups, each as JSON.
    public var serverGroups: [String]

    /// Makes a configuration.
    public init(
        loadBalancer: String,
        version: Int64,
        head: String,
        listeners: [String],
        serverGroups: [String]
    ) {
        self.loadBalancer = loadBalancer
        self.version = version
        self.head = head
        self.listeners = listeners
        self.serverGroups = serverGroups
    }
}

/// An expectation of the scenario and what came of it.
public struct SavedExpectation: Sendable, Hashable {
    /// Its name; empty without one.
    public var name: String
    /// The file that it stands in.
    public var file: String
    /// Its line.
    public var line: Int
    /// Its column.
    public var column: Int
    /// What was expected, in words.
    public var expected: String
    /// True when it was met.
    public var isMet: Bool
    /// The first instant at which it was wrong, in nanoseconds from the scenario's zero; nil when there is none.
    public var firstWrong: Int64?
    /// What was seen instead, a line each; empty when it was met.
    public var seen: [String]

    /// Makes an expectation.
    public init(
        name: String,
        file: String,
        line: Int,
        column: Int,
        expected: String,
        isMet: Bool,
        firstWrong: Int64? = nil,
        seen: [String] = []
    ) {
        self.name = name
        self.file = file
        self.line = line
        self.column = column
        self.expected = expected
        self.isMet = isMet
        self.firstWrong = firstWrong
        self.seen = seen
    }
}
