-- Where a round stands that reads what is pending slice by slice of the keys; one slice: all at once.
ALTER TABLE sweep_state
  ADD COLUMN slices integer NOT NULL DEFAULT 1,
  ADD COLUMN slice integer NOT NULL DEFAULT 0,
  ADD COLUMN round_rows integer NOT NULL DEFAULT 0;
