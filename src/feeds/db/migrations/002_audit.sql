-- Earlier programs may work beside it.
-- How far the rolling audit of a feed has come through what Salesforce holds, in the order of its record ids.
CREATE TABLE feed_audit (
  company text NOT NULL,
  feed text NOT NULL,
  -- the last record id that was read in this round; '': the round has not begun
  position text NOT NULL DEFAULT '',
  round_started_at timestamptz,
  -- since when each record was read at least once: the start of the last whole round
  vouched_since timestamptz,
  -- when the last part was read
  read_at timestamptz,
  PRIMARY KEY (company, feed)
);
