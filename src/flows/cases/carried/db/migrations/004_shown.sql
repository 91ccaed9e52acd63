-- The newest heartbeat that Salesforce has shown: when it shows an older one, it was put back to an earlier state.
ALTER TABLE sweep_state ADD COLUMN shown_at timestamptz;
