-- What was sealed of contracts, as Salesforce said it when it was taken, and what the service application makes of its own bookings.
CREATE TABLE usage_seal (
  contract_number text PRIMARY KEY,
  contract_id text NOT NULL UNIQUE,
  entries integer NOT NULL,
  -- exact decimals as text
  units text NOT NULL,
  amount text NOT NULL,
  digest text NOT NULL,
  basis_digest text NOT NULL,
  sealed_at timestamptz NOT NULL,
  taken_at timestamptz NOT NULL,
  -- of the application's own bookings; null: it has not told yet
  own_entries integer,
  own_units text,
  own_digest text,
  own_at timestamptz
);
CREATE INDEX usage_seal_disputed ON usage_seal (contract_number) WHERE own_digest IS DISTINCT FROM digest;

CREATE FUNCTION refuse_change_of_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.contract_number, NEW.contract_id, NEW.entries, NEW.units, NEW.amount, NEW.digest, NEW.basis_digest, NEW.sealed_at, NEW.taken_at)
    IS NOT DISTINCT FROM (OLD.contract_number, OLD.contract_id, OLD.entries, OLD.units, OLD.amount, OLD.digest, OLD.basis_digest, OLD.sealed_at, OLD.taken_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% of a seal is not allowed: it stays as it was taken', TG_OP;
END
$$;
CREATE TRIGGER usage_seal_stays BEFORE UPDATE OR DELETE ON usage_seal FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal();
