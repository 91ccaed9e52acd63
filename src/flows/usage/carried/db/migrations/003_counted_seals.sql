-- Earlier programs may work beside it.
-- How many seals were taken is kept as a counter. The unconfirmed and the differing ones have an index each. So whoever asks reads few rows, however many contracts are sealed.
CREATE FUNCTION count_seals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO counter (flow, name, value) SELECT 'usage', 'sealsTaken', count(*) FROM fresh HAVING count(*) > 0
  ON CONFLICT (flow, name) DO UPDATE SET value = counter.value + excluded.value;
  RETURN NULL;
END
$$;
CREATE TRIGGER usage_seal_counted AFTER INSERT ON usage_seal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_seals();
INSERT INTO counter (flow, name, value) SELECT 'usage', 'sealsTaken', count(*) FROM usage_seal;
CREATE INDEX usage_seal_unconfirmed ON usage_seal (contract_number) WHERE own_digest IS NULL;
CREATE INDEX usage_seal_differing ON usage_seal (contract_number) WHERE own_digest <> digest;
DROP INDEX usage_seal_disputed;
