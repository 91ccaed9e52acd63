-- What reconciliation changed here, and what each value was before: enough to take a repair back.
-- Values of records, kept as long as their history is.
CREATE TABLE case_repair (
  -- the reconciliation run that repaired, or the one that took a repair back
  run text NOT NULL,
  key text NOT NULL,
  -- made by the repair
  revision integer NOT NULL,
  before jsonb NOT NULL,
  -- the run whose repair of this record this one takes back
  undoes text,
  at timestamptz NOT NULL,
  PRIMARY KEY (run, key)
);
-- a repair is taken back once
CREATE UNIQUE INDEX case_repair_undone ON case_repair (undoes, key) WHERE undoes IS NOT NULL;
