-- What supervisors decided of ads that Salesforce could not enter: one decision a version.
CREATE TABLE ad_decision (
  ad_id text NOT NULL REFERENCES ad,
  version integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('NEXT_CONTRACT', 'CREDIT', 'DROP')),
  reason text CHECK (reason IS NOT NULL OR kind = 'NEXT_CONTRACT'),
  by_user text NOT NULL,
  at timestamptz NOT NULL,
  -- why Salesforce could not enter it
  error_code text,
  error text,
  PRIMARY KEY (ad_id, version)
);
CREATE INDEX ad_decision_latest ON ad_decision (at);
