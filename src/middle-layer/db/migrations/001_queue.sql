-- The lock of a key: whoever queues or settles messages of the key holds this row first.
CREATE TABLE key_lock (
  flow text NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (flow, key)
);

-- A row for each flow. While `pause` says why, nothing of the flow is sent; the other flows go on.
CREATE TABLE flow_state (
  flow text PRIMARY KEY,
  pause text
);

CREATE TABLE message (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow text NOT NULL,
  id text NOT NULL,
  target text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  version integer,
  attempt integer,
  revision integer,
  ordinal bigint,
  payload jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'done', 'dead', 'superseded')),
  attempts integer NOT NULL DEFAULT 0,
  deferrals integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  -- Its place in the queue. What ends an exchange stands before what begins one; what failed goes to the end.
  turn_at timestamptz NOT NULL,
  -- The first open message of its target and key, the only one of them that may be sent: order is kept per key, and
  -- finding what is due needs no look at the others. Whoever queues or settles keeps it, under the lock of the key.
  head boolean NOT NULL DEFAULT false,
  lease text,
  lease_until timestamptz,
  settled_at timestamptz,
  UNIQUE (flow, id),
  CHECK ((state = 'sending') = (lease IS NOT NULL AND lease_until IS NOT NULL)),
  CHECK ((state IN ('done', 'dead', 'superseded')) = (settled_at IS NOT NULL)),
  CHECK (NOT head OR state IN ('queued', 'sending'))
);
CREATE UNIQUE INDEX message_head ON message (flow, target, key) WHERE head;
CREATE INDEX message_turn ON message (flow, target, turn_at, seq) WHERE head AND state = 'queued';
CREATE INDEX message_due ON message (flow, target, next_attempt_at) WHERE head AND state = 'queued';
CREATE INDEX message_leased ON message (flow, target, lease_until) WHERE state = 'sending';
CREATE INDEX message_open ON message (flow, key, target, seq) WHERE state IN ('queued', 'sending');
CREATE INDEX message_dead ON message (flow, target, key) WHERE state = 'dead';
CREATE INDEX message_settled ON message (settled_at) WHERE state IN ('done', 'superseded');
CREATE INDEX message_of_key ON message (flow, key, kind, ordinal);

-- How many messages are open or dead, as changes to be summed: a single row for each sum would make all writers wait for each other.
CREATE TABLE queue_depth (
  flow text NOT NULL,
  target text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  count bigint NOT NULL
);
CREATE FUNCTION count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, count(*) FROM fresh WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state;
  RETURN NULL;
END
$$;
CREATE FUNCTION count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, sum(n) FROM (
    SELECT flow, target, kind, state, 1 AS n FROM fresh UNION ALL SELECT flow, target, kind, state, -1 FROM gone
  ) AS change WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, -count(*) FROM gone WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state;
  RETURN NULL;
END
$$;
CREATE TRIGGER message_inserted AFTER INSERT ON message REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_inserted();
CREATE TRIGGER message_updated AFTER UPDATE ON message REFERENCING NEW TABLE AS fresh OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_updated();
CREATE TRIGGER message_deleted AFTER DELETE ON message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_deleted();

CREATE TABLE dead_letter (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_seq bigint NOT NULL UNIQUE REFERENCES message (seq) ON DELETE CASCADE,
  code text NOT NULL,
  cause text NOT NULL,
  history jsonb NOT NULL,
  died_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolution text CHECK (resolution IN ('retried', 'superseded')),
  CHECK ((resolved_at IS NULL) = (resolution IS NULL))
);
CREATE INDEX dead_letter_open ON dead_letter (seq) WHERE resolved_at IS NULL;

-- Every attempt and outcome, for ever. Codes and ids only: field values are kept where retention reaches them.
CREATE TABLE audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  worker text NOT NULL,
  flow text NOT NULL,
  target text NOT NULL,
  message_id text,
  key text NOT NULL,
  kind text NOT NULL,
  version integer,
  attempt integer,
  revision integer,
  outcome text NOT NULL,
  code text,
  field text,
  duration_ms integer
);
CREATE INDEX audit_of_key ON audit (key, seq);
CREATE INDEX audit_of_message ON audit (message_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is not allowed: it is append-only', TG_OP, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Messages received and committed: a redelivery is recognised. A message that was not accepted is not remembered.
CREATE TABLE inbox (
  flow text NOT NULL,
  id text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (flow, id)
);

CREATE TABLE replay_id (
  flow text NOT NULL,
  channel text NOT NULL,
  replay_id bigint NOT NULL,
  stored_at timestamptz NOT NULL,
  PRIMARY KEY (flow, channel)
);

CREATE TABLE counter (
  flow text NOT NULL,
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (flow, name)
);
