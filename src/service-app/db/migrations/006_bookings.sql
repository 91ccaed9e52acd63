-- The usage entries that Salesforce should hold, by what it has applied, with the digests that both sides sum (docs/digest.md).
CREATE TABLE booking (
  -- <ad id>#<position>
  key text PRIMARY KEY,
  ad_id text NOT NULL REFERENCES ad,
  digest_k1 bigint NOT NULL,
  digest_k2 bigint NOT NULL,
  digest_d bigint NOT NULL,
  digest_c bigint NOT NULL,
  -- of the large tables
  digest_cells smallint[] NOT NULL
);
CREATE INDEX booking_of_ad ON booking (ad_id);
CREATE INDEX booking_digest_k1 ON booking (digest_k1);

-- the applied version that the ad's bookings are made of
ALTER TABLE ad ADD COLUMN stamped_version integer;
CREATE INDEX ad_unstamped ON ad (id) WHERE applied_version IS DISTINCT FROM stamped_version;
CREATE INDEX ad_refused ON ad (id) WHERE outcome = 'REFUSED';

-- What reconciliation repaired: the version that the ad got, and what Salesforce's entry said before, so that it can be undone.
CREATE TABLE booking_repair (
  run text NOT NULL,
  -- <ad id>#<position>
  key text NOT NULL,
  ad_id text NOT NULL REFERENCES ad,
  version integer NOT NULL,
  before jsonb NOT NULL,
  -- the run whose repair this one takes back
  undoes text,
  at timestamptz NOT NULL,
  PRIMARY KEY (run, key)
);
CREATE INDEX booking_repair_undone ON booking_repair (undoes, key) WHERE undoes IS NOT NULL;

ALTER TABLE ad_change DROP CONSTRAINT ad_change_what_check;
ALTER TABLE ad_change ADD CONSTRAINT ad_change_what_check
  CHECK (what IN ('booked', 'corrected', 'moved', 'cancelled', 'repaired', 'withdrawn', 'restored'));
