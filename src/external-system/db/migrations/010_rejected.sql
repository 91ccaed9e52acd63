-- What the middle layer refused for good: told by /ready, replaced by newer messages of the record.
CREATE INDEX outbox_rejected ON outbox (key, kind) WHERE state = 'rejected';
