// SPDX-License-Identifier: Apache-2.0

/// What led to what, in one place: what entries carry themselves, and what their keys say.
extension RunFileSchema {
    /// The view that format 4 brought.
    ///
    /// An entry may have several causes. A pass is named by its number before its entry exists, so it is looked up
    /// here; a call tells which revisions it stored; requests share their exchange with what the load balancer
    /// tells, which names the version that it served.
    static let causes = """
        CREATE VIEW causes AS
          SELECT e.id AS entry, e.cause AS cause, 'recorded' AS how FROM entry e WHERE e.cause > 0
          UNION ALL
          SELECT e.id, r.entry, 'the pass that did it' FROM entry e JOIN reconcile r ON r.pass = -e.cause
            WHERE e.cause < 0
          UNION ALL
          SELECT r.entry, c.value, 'what it was made for' FROM reconcile r, json_each(r.causes) c WHERE c.value > 0
          UNION ALL
          SELECT r.entry, p.entry, 'the pass that asked for it' FROM reconcile r, json_each(r.causes) c
            JOIN reconcile p ON p.pass = -c.value WHERE c.value < 0 AND p.entry <> r.entry
          UNION ALL
          SELECT o.entry, c.entry, 'the call that stored it' FROM object o
            JOIN api_call c ON c.entry =
              (SELECT a.entry FROM api_call a WHERE a.revision > 0 AND a.revision >= o.revision ORDER BY a.revision LIMIT 1)
            WHERE c.revision - c.stored < o.revision
          UNION ALL
          SELECT p.entry, c.entry, 'the version that the zone served' FROM proxied p
            JOIN configuration c ON c.load_balancer = p.load_balancer AND c.zone = p.zone AND c.version = p.version
            WHERE c.entry < p.entry
          UNION ALL
          SELECT r.entry, p.entry, 'the same connection and exchange' FROM request r
            JOIN proxied p ON p.connection = r.connection AND p.exchange = r.exchange WHERE r.connection > 0;
        """
}
