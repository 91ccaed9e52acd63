-- The day (UTC) that the flow's budget of API calls is counted for, and the counter of its calls when that day began.
ALTER TABLE flow_state ADD COLUMN budget_day text, ADD COLUMN calls_before bigint NOT NULL DEFAULT 0;
