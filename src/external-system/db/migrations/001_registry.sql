-- The case registry: records with their history, what was asked, and what must go out.
CREATE SEQUENCE case_number;

CREATE TABLE case_record (
  external_id text PRIMARY KEY,
  key text NOT NULL UNIQUE,
  revision integer NOT NULL,
  values jsonb NOT NULL,
  extra jsonb,
  -- newest request version that these values include; null when the record was born here
  request_version integer,
  origin_case_id text,
  -- set by the write-back alone
  salesforce_case_id text,
  -- update-sync-status of the current revision
  sync_status text NOT NULL CHECK (sync_status IN ('In Progress', 'Success', 'Failed')),
  sync_error_code text,
  sync_error text,
  sync_attempts integer NOT NULL DEFAULT 0,
  sync_next_at timestamptz,
  salesforce_deletion jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);

-- what the pollers look for: everything not known to have arrived
CREATE INDEX case_record_unsettled ON case_record (sync_next_at) WHERE sync_next_at IS NOT NULL;

CREATE TABLE case_revision (
  key text NOT NULL,
  revision integer NOT NULL,
  values jsonb NOT NULL,
  source text NOT NULL CHECK (source IN ('Salesforce', 'External')),
  request_version integer,
  -- as Salesforce sent them, before merge and normalisation
  request_values jsonb,
  conflicts jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (key, revision)
);

CREATE TABLE case_request (
  idempotency_key text PRIMARY KEY,
  key text NOT NULL,
  version integer NOT NULL,
  attempts integer NOT NULL,
  status text NOT NULL CHECK (status IN ('Applied', 'Failed')),
  error_code text,
  error text,
  error_field text,
  message jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX case_request_failed ON case_request (at) WHERE status = 'Failed';

CREATE TABLE outbox (
  id bigserial PRIMARY KEY,
  message_id text NOT NULL UNIQUE,
  key text NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'superseded', 'rejected')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  error text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE INDEX outbox_queued ON outbox (id) WHERE state = 'queued';
CREATE INDEX outbox_key ON outbox (key) WHERE state = 'queued';
