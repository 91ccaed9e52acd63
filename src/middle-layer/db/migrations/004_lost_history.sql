-- What tells that a side was restored to an earlier state.
ALTER TABLE case_state
  -- the mark of the newest external revision: another revision of the same number is not it
  ADD COLUMN revision_mark text,
  -- when the newest request that was swept began, by Salesforce's clock
  ADD COLUMN requested_at timestamptz;
