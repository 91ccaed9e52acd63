-- Earlier programs may work beside it.
-- Whose a dead letter is stands in it, so that open ones are found by flow and code along an index, however many there are.
ALTER TABLE dead_letter ADD COLUMN flow text;
CREATE FUNCTION name_flow_of_dead_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT m.flow INTO NEW.flow FROM message m WHERE m.seq = NEW.message_seq;
  RETURN NEW;
END
$$;
CREATE TRIGGER dead_letter_flow BEFORE INSERT ON dead_letter FOR EACH ROW EXECUTE FUNCTION name_flow_of_dead_letter();
UPDATE dead_letter d SET flow = m.flow FROM message m WHERE m.seq = d.message_seq;
ALTER TABLE dead_letter ALTER COLUMN flow SET NOT NULL;
CREATE INDEX dead_letter_by_code ON dead_letter (flow, code, seq) WHERE resolved_at IS NULL;
