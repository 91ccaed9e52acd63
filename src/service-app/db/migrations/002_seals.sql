-- Which version of an ad Salesforce's usage entries say, and what was sealed of contracts that are fulfilled.
ALTER TABLE ad ADD COLUMN applied_version integer;
UPDATE ad SET applied_version = decided_version WHERE outcome = 'APPLIED';
CREATE INDEX ad_change_by_contract ON ad_change ((state ->> 'contractNumber'));

CREATE TABLE contract_seal (
  contract_number text PRIMARY KEY,
  -- as Salesforce sealed it; units and amount are exact decimals
  entries integer NOT NULL,
  units text NOT NULL,
  amount text NOT NULL,
  digest text NOT NULL,
  basis text NOT NULL,
  basis_digest text NOT NULL,
  sealed_at timestamptz NOT NULL,
  -- of the bookings here that Salesforce has applied
  own_entries integer NOT NULL,
  own_units text NOT NULL,
  own_digest text NOT NULL,
  -- what of that the middle layer knows
  told_digest text
);
CREATE INDEX contract_seal_differing ON contract_seal (contract_number) WHERE own_digest <> digest;
CREATE INDEX contract_seal_untold ON contract_seal (contract_number) WHERE told_digest IS DISTINCT FROM own_digest;
