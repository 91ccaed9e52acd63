-- The parents of what Salesforce holds of a row. A parent that is deleted empties the look-up of its children, and Salesforce
-- stamps nothing on them: what they hold is unknown from then on.
ALTER TABLE feed_row ADD COLUMN parents jsonb;
CREATE INDEX feed_row_parents ON feed_row USING gin (parents jsonb_path_ops) WHERE parents IS NOT NULL;

-- Whether Salesforce shows the run as it is: an end that could not be told there is told by the next run.
ALTER TABLE feed_run ADD COLUMN is_told boolean NOT NULL DEFAULT true;
CREATE INDEX feed_run_untold ON feed_run (company, feed) WHERE NOT is_told;
