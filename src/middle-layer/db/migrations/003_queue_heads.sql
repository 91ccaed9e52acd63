-- The first open message of its target and key, the only one of them that may be sent: order is kept per key, and
-- finding what is due needs no look at the others. Whoever queues or settles keeps it, under the lock of the key.
ALTER TABLE message ADD COLUMN head boolean NOT NULL DEFAULT false;
-- Its place in the queue. What ends an exchange stands before what begins one; what failed goes to the end.
ALTER TABLE message ADD COLUMN turn_at timestamptz;
UPDATE message SET turn_at = queued_at;
ALTER TABLE message ALTER COLUMN turn_at SET NOT NULL;
UPDATE message m SET head = true
  FROM (SELECT DISTINCT ON (target, key) seq FROM message WHERE state IN ('queued', 'sending') ORDER BY target, key, seq) AS first
 WHERE m.seq = first.seq;
ALTER TABLE message ADD CHECK (NOT head OR state IN ('queued', 'sending'));
DROP INDEX message_due;
DROP INDEX message_open;
CREATE UNIQUE INDEX message_head ON message (target, key) WHERE head;
CREATE INDEX message_turn ON message (target, turn_at, seq) WHERE head AND state = 'queued';
CREATE INDEX message_due ON message (target, next_attempt_at) WHERE head AND state = 'queued';
CREATE INDEX message_leased ON message (target, lease_until) WHERE state = 'sending';
CREATE INDEX message_open ON message (key, target, seq) WHERE state IN ('queued', 'sending');

-- How many messages are open or dead, as changes to be summed: a single row for each sum would make all writers wait for each other.
CREATE TABLE queue_depth (
  target text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  count bigint NOT NULL
);
INSERT INTO queue_depth (target, kind, state, count)
SELECT target, kind, state, count(*) FROM message WHERE state IN ('queued', 'sending', 'dead') GROUP BY target, kind, state;

CREATE FUNCTION count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (target, kind, state, count)
  SELECT target, kind, state, count(*) FROM fresh WHERE state IN ('queued', 'sending', 'dead') GROUP BY target, kind, state;
  RETURN NULL;
END
$$;
CREATE FUNCTION count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (target, kind, state, count)
  SELECT target, kind, state, sum(n) FROM (
    SELECT target, kind, state, 1 AS n FROM fresh UNION ALL SELECT target, kind, state, -1 FROM gone
  ) AS change WHERE state IN ('queued', 'sending', 'dead') GROUP BY target, kind, state HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (target, kind, state, count)
  SELECT target, kind, state, -count(*) FROM gone WHERE state IN ('queued', 'sending', 'dead') GROUP BY target, kind, state;
  RETURN NULL;
END
$$;
CREATE TRIGGER message_inserted AFTER INSERT ON message REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_inserted();
CREATE TRIGGER message_updated AFTER UPDATE ON message REFERENCING NEW TABLE AS fresh OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_updated();
CREATE TRIGGER message_deleted AFTER DELETE ON message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_deleted();

-- Pending records are read page by page, in the order of their ids: where the next page begins; empty: at the start.
ALTER TABLE sweep_state ADD COLUMN case_cursor text;
ALTER TABLE sweep_state ADD COLUMN tombstone_cursor text;
-- Since when all that is pending has been read and can leave; empty while it has not, or cannot.
ALTER TABLE sweep_state ADD COLUMN clear_since timestamptz;
