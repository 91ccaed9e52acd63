-- When the round of pages began that is being read, and when the last one began that was read to its end: what was pending before then has been seen.
ALTER TABLE sweep_state ADD COLUMN round_began_at timestamptz;
ALTER TABLE sweep_state ADD COLUMN read_until timestamptz;
