-- What the flow knows of a Case. Its reader and writer hold the lock of the key.
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
  revision integer NOT NULL DEFAULT 0,
  -- What tells that a side was restored to an earlier state.
  -- the mark of the newest external revision: another revision of the same number is not it
  revision_mark text,
  -- when the newest request that was swept began, by Salesforce's clock
  requested_at timestamptz
);

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

-- A tombstone is sent again until the external system has confirmed it: how often it was sent, and when it is due again.
CREATE TABLE tombstone (
  id text PRIMARY KEY,
  key text NOT NULL,
  queued_at timestamptz NOT NULL,
  sendings integer NOT NULL DEFAULT 1,
  due_at timestamptz NOT NULL
);

-- One row: what the sweeps saw last, and whose turn the next one is. What they pause is in flow_state.
CREATE TABLE sweep_state (
  flow text PRIMARY KEY REFERENCES flow_state (flow),
  org_id text,
  fields jsonb NOT NULL DEFAULT '[]',
  next_sweep_at timestamptz,
  woken_at timestamptz,
  lease text,
  lease_until timestamptz,
  swept_at timestamptz,
  -- Pending records are read page by page, in the order of their ids: where the next page begins; empty: at the start.
  case_cursor text,
  tombstone_cursor text,
  -- Since when all that is pending has been read and can leave; empty while it has not, or cannot.
  clear_since timestamptz,
  -- When the round of pages began that is being read, and when the last one began that was read to its end: what was pending before then has been seen.
  round_began_at timestamptz,
  read_until timestamptz
);
INSERT INTO flow_state (flow, pause) VALUES ('cases', 'NOT_SWEPT_YET');
INSERT INTO sweep_state (flow) VALUES ('cases');
