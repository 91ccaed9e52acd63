-- Decisions that were made in Salesforce: they stand, whatever was decided here.
ALTER TABLE ad_decision ADD COLUMN carried_version integer;
UPDATE ad_decision SET carried_version = version + 1;
ALTER TABLE ad_decision ALTER COLUMN carried_version SET NOT NULL;
ALTER TABLE ad_decision ADD COLUMN in_salesforce boolean NOT NULL DEFAULT false;
-- what a supervisor had decided here, and does not hold: {"kind","by"}
ALTER TABLE ad_decision ADD COLUMN set_aside jsonb;
