-- What the middle layer knows of a record. Its row lock serialises everything that is queued for the key.
CREATE TABLE case_state (
  key text PRIMARY KEY,
  case_id text,
  account_id text,
  external_id text,
  -- the newest request and write-back taken into the queue
  request_version integer NOT NULL DEFAULT 0,
  request_attempt integer NOT NULL DEFAULT -1,
  write_back_version integer NOT NULL DEFAULT 0,
  write_back_attempt integer NOT NULL DEFAULT -1,
  -- the newest external revision received
  revision integer NOT NULL DEFAULT 0
);

CREATE TABLE message (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  target text NOT NULL CHECK (target IN ('salesforce', 'external')),
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
  lease text,
  lease_until timestamptz,
  settled_at timestamptz,
  CHECK ((state = 'sending') = (lease IS NOT NULL AND lease_until IS NOT NULL)),
  CHECK ((state IN ('done', 'dead', 'superseded')) = (settled_at IS NOT NULL))
);
CREATE INDEX message_due ON message (target, next_attempt_at) WHERE state = 'queued';
CREATE INDEX message_open ON message (target, key, seq) WHERE state IN ('queued', 'sending');
CREATE INDEX message_dead ON message (target, key) WHERE state = 'dead';
CREATE INDEX message_settled ON message (settled_at) WHERE state IN ('done', 'superseded');
CREATE INDEX message_of_key ON message (key, kind, ordinal);

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

-- The values of a conflict; the audit row beside it names key and field for ever.
CREATE TABLE conflict (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id text NOT NULL,
  key text NOT NULL,
  field text NOT NULL,
  owner text NOT NULL,
  kept jsonb NOT NULL,
  lost jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX conflict_of_key ON conflict (key);

-- Messages received and committed: a redelivery is recognised. A message that was not accepted is not remembered.
CREATE TABLE inbox (
  id text PRIMARY KEY,
  received_at timestamptz NOT NULL
);

CREATE TABLE intake (
  key text PRIMARY KEY,
  -- the request as it came, until the external system has answered
  payload jsonb,
  accepted_at timestamptz NOT NULL,
  -- when it is asked for again, should no answer have come
  due_at timestamptz NOT NULL,
  answered_at timestamptz
);
CREATE INDEX intake_due ON intake (due_at) WHERE answered_at IS NULL;

CREATE TABLE tombstone (
  id text PRIMARY KEY,
  key text NOT NULL,
  queued_at timestamptz NOT NULL
);

-- One row: what the sweeps saw last, and whose turn the next one is.
CREATE TABLE sweep_state (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  org_id text,
  -- why nothing may flow, or null
  pause text DEFAULT 'NOT_SWEPT_YET',
  fields jsonb NOT NULL DEFAULT '[]',
  next_sweep_at timestamptz,
  woken_at timestamptz,
  lease text,
  lease_until timestamptz,
  swept_at timestamptz
);
INSERT INTO sweep_state DEFAULT VALUES;

CREATE TABLE replay_id (
  channel text PRIMARY KEY,
  replay_id bigint NOT NULL,
  stored_at timestamptz NOT NULL
);

CREATE TABLE counter (
  name text PRIMARY KEY,
  value bigint NOT NULL
);
