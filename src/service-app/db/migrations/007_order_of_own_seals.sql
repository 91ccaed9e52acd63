-- When the bookings of a sealed contract came to what they come to now, and of which of that the middle layer knows: the order of what it is told.
ALTER TABLE contract_seal
  ADD COLUMN own_since timestamptz(3) NOT NULL DEFAULT now(),
  ADD COLUMN told_since timestamptz(3);
ALTER TABLE contract_seal ALTER COLUMN own_since DROP DEFAULT;
UPDATE contract_seal SET told_since = own_since WHERE told_digest = own_digest;
DROP INDEX contract_seal_untold;
ALTER TABLE contract_seal DROP COLUMN told_digest;
CREATE INDEX contract_seal_untold ON contract_seal (contract_number) WHERE told_since IS DISTINCT FROM own_since;
