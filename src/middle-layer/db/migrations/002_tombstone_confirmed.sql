-- A tombstone is sent again until the external system has confirmed it: how often it was sent, and when it is due again.
ALTER TABLE tombstone ADD COLUMN sendings integer NOT NULL DEFAULT 1, ADD COLUMN due_at timestamptz;
UPDATE tombstone SET due_at = queued_at;
ALTER TABLE tombstone ALTER COLUMN due_at SET NOT NULL;
