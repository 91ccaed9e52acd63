-- Earlier programs may work beside it.
-- Overdue intakes are counted row by row along an index, and no further than they are counted.
CREATE INDEX intake_overdue_in_order ON intake (((payload->>'attempt')::int), key) WHERE answered_at IS NULL;
DROP INDEX intake_overdue;
