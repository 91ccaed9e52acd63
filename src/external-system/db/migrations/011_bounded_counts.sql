-- Earlier programs may work beside it.
-- What readiness counts is found row by row along an index, and no further than it counts.
CREATE INDEX case_record_behind ON case_record (external_id) WHERE sync_next_at IS NOT NULL AND seen_revision IS NOT NULL;
CREATE INDEX outbox_rejected_in_order ON outbox (id) WHERE state = 'rejected';
