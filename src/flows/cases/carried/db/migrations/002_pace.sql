-- How many messages the last sweep queued: under load the next one waits for company.
ALTER TABLE sweep_state ADD COLUMN queued integer NOT NULL DEFAULT 0;
