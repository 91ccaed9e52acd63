-- Ads and what they use, who changed them, and what of them must still be reported.
CREATE TABLE ad (
  id text PRIMARY KEY,
  -- raised by each change
  version integer NOT NULL CHECK (version > 0),
  title text NOT NULL,
  contract_number text NOT NULL,
  currency text NOT NULL,
  booked_at timestamptz NOT NULL,
  cancelled boolean NOT NULL DEFAULT false,
  -- the newest version whose outcome is known, and that outcome
  decided_version integer NOT NULL DEFAULT 0,
  outcome text CHECK (outcome IN ('APPLIED', 'IGNORED', 'EXCEPTION', 'REFUSED')),
  error_code text,
  error text,
  decided_at timestamptz
);
CREATE INDEX ad_by_contract ON ad (contract_number, id);
CREATE INDEX ad_in_trouble ON ad (decided_at) WHERE outcome IN ('EXCEPTION', 'REFUSED');

CREATE TABLE ad_use (
  ad_id text NOT NULL REFERENCES ad,
  position integer NOT NULL CHECK (position > 0),
  product_number text NOT NULL,
  units numeric(15, 3) NOT NULL CHECK (units > 0),
  PRIMARY KEY (ad_id, position)
);

CREATE TABLE ad_change (
  ad_id text NOT NULL REFERENCES ad,
  version integer NOT NULL,
  at timestamptz NOT NULL,
  by_user text NOT NULL,
  what text NOT NULL CHECK (what IN ('booked', 'corrected', 'moved', 'cancelled')),
  state jsonb NOT NULL,
  PRIMARY KEY (ad_id, version)
);

-- One row an ad that must be reported: its place in the queue. A failed one gets a new place, behind all others.
CREATE SEQUENCE report_place;
CREATE TABLE report (
  ad_id text PRIMARY KEY REFERENCES ad,
  place bigint NOT NULL UNIQUE DEFAULT nextval('report_place'),
  version integer NOT NULL,
  message_id text NOT NULL,
  -- queued: nobody has it yet; taken: the middle layer has committed it, and owes the outcome
  state text NOT NULL CHECK (state IN ('queued', 'taken', 'rejected')),
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  error text,
  queued_at timestamptz NOT NULL
);
CREATE INDEX report_due ON report (place) WHERE state = 'queued';
CREATE INDEX report_taken ON report (not_before) WHERE state = 'taken';

CREATE TABLE app_user (
  name text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('booker', 'supervisor')),
  -- scrypt of the password, with its salt and costs
  secret text NOT NULL
);

CREATE TABLE session (
  -- SHA-256 of the cookie: who reads the table cannot sign in with it
  token_hash text PRIMARY KEY,
  user_name text NOT NULL REFERENCES app_user ON DELETE CASCADE,
  form_token text NOT NULL,
  expires_at timestamptz NOT NULL
);
