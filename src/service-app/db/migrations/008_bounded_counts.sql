-- Earlier programs may work beside it.
-- What readiness counts is found row by row along an index, and no further than it counts.
CREATE INDEX report_waiting ON report (queued_at) WHERE state = 'queued';
CREATE INDEX report_taken_in_order ON report (place) WHERE state = 'taken';
CREATE INDEX report_rejected ON report (place) WHERE state = 'rejected';
