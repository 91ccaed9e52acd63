-- Earlier programs may work beside it.
-- Unanswered requests by how often they were asked for: whoever counts the overdue ones reads these alone.
CREATE INDEX intake_overdue ON intake (((payload->>'attempt')::int)) WHERE answered_at IS NULL;
