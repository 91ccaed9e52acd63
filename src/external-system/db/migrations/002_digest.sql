-- Digests of records, so that both sides can be compared by sums. The encoding is the one of
-- docs/digest.md; config/digest-vectors.json holds the cases that every implementation must meet.

CREATE FUNCTION digest_slice(hash bytea, index integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || encode(substring(hash FROM index * 4 + 1 FOR 4), 'hex'))::bit(32)::bigint & 4294967295) % 1000000000
$$;

CREATE FUNCTION canonical_value(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(value)
    WHEN 'number' THEN trim_scale((value #>> '{}')::numeric)::text
    WHEN 'boolean' THEN value #>> '{}'
    WHEN 'string' THEN nullif(btrim(regexp_replace(value #>> '{}', E'\r\n?', E'\n', 'g'), E' \t\n'), '')
  END
$$;

-- one line a field that has a value, in code-point order of the names
CREATE FUNCTION record_content(record_values jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(field || '=' || replace(replace(canonical, '\', '\\'), E'\n', '\n'), E'\n' ORDER BY field COLLATE "C"), '')
    FROM (SELECT key AS field, canonical_value(value) AS canonical FROM jsonb_each(record_values)) AS fields
   WHERE canonical IS NOT NULL
$$;

ALTER TABLE case_record
  ADD COLUMN digest_k1 bigint,
  ADD COLUMN digest_k2 bigint,
  ADD COLUMN digest_d bigint,
  ADD COLUMN digest_c bigint,
  ADD COLUMN digest_cells smallint[];

CREATE FUNCTION stamp_digest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  identity bytea;
  derived bytea;
BEGIN
  identity := sha256(convert_to(NEW.key, 'UTF8'));
  NEW.digest_k1 := digest_slice(identity, 0);
  NEW.digest_k2 := digest_slice(identity, 1);
  NEW.digest_d := digest_slice(sha256(convert_to(NEW.key || E'\n' || record_content(NEW.values), 'UTF8')), 0);
  derived := sha256(convert_to(NEW.digest_k1 || '|' || NEW.digest_k2 || '|' || NEW.digest_d, 'UTF8'));
  NEW.digest_c := digest_slice(derived, 0);
  NEW.digest_cells := ARRAY[
    digest_slice(derived, 1) % 2000, digest_slice(derived, 2) % 2000, digest_slice(derived, 3) % 2000,
    digest_slice(derived, 4) % 2000, digest_slice(derived, 5) % 2000];
  RETURN NEW;
END
$$;

CREATE TRIGGER case_record_digest BEFORE INSERT OR UPDATE OF key, values ON case_record
  FOR EACH ROW EXECUTE FUNCTION stamp_digest();

UPDATE case_record SET values = values;
