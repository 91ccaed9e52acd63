-- The schema after all migrations. Made by refresh-schema.ts; change it by a new migration.

CREATE TABLE audit (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL,
  worker text NOT NULL,
  flow text NOT NULL,
  target text NOT NULL,
  message_id text,
  key text NOT NULL,
  kind text NOT NULL,
  version integer,
  attempt integer,
  revision integer,
  outcome text NOT NULL,
  code text,
  field text,
  duration_ms integer,
  PRIMARY KEY (seq)
);
CREATE INDEX audit_of_key ON audit USING btree (key, seq);
CREATE INDEX audit_of_message ON audit USING btree (message_id);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE case_state (
  key text NOT NULL,
  case_id text,
  account_id text,
  external_id text,
  request_version integer NOT NULL DEFAULT 0,
  request_attempt integer NOT NULL DEFAULT '-1'::integer,
  write_back_version integer NOT NULL DEFAULT 0,
  write_back_attempt integer NOT NULL DEFAULT '-1'::integer,
  revision integer NOT NULL DEFAULT 0,
  revision_mark text,
  requested_at timestamp with time zone,
  PRIMARY KEY (key)
);

CREATE TABLE conflict (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  message_id text NOT NULL,
  key text NOT NULL,
  field text NOT NULL,
  owner text NOT NULL,
  kept jsonb NOT NULL,
  lost jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  PRIMARY KEY (seq)
);
CREATE INDEX conflict_of_key ON conflict USING btree (key);

CREATE TABLE counter (
  flow text NOT NULL,
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (flow, name)
);

CREATE TABLE dead_letter (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  message_seq bigint NOT NULL,
  code text NOT NULL,
  cause text NOT NULL,
  history jsonb NOT NULL,
  died_at timestamp with time zone NOT NULL,
  resolved_at timestamp with time zone,
  resolution text,
  flow text NOT NULL,
  CHECK (((resolved_at IS NULL) = (resolution IS NULL))),
  CHECK ((resolution = ANY (ARRAY['retried'::text, 'superseded'::text]))),
  FOREIGN KEY (message_seq) REFERENCES message(seq) ON DELETE CASCADE,
  PRIMARY KEY (seq),
  UNIQUE (message_seq)
);
CREATE INDEX dead_letter_by_code ON dead_letter USING btree (flow, code, seq) WHERE (resolved_at IS NULL);
CREATE INDEX dead_letter_open ON dead_letter USING btree (seq) WHERE (resolved_at IS NULL);
CREATE TRIGGER dead_letter_flow BEFORE INSERT ON dead_letter FOR EACH ROW EXECUTE FUNCTION name_flow_of_dead_letter();

CREATE TABLE flow_state (
  flow text NOT NULL,
  pause text,
  budget_day text,
  calls_before bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (flow)
);

CREATE TABLE inbox (
  flow text NOT NULL,
  id text NOT NULL,
  received_at timestamp with time zone NOT NULL,
  PRIMARY KEY (flow, id)
);

CREATE TABLE intake (
  key text NOT NULL,
  payload jsonb,
  accepted_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  answered_at timestamp with time zone,
  PRIMARY KEY (key)
);
CREATE INDEX intake_due ON intake USING btree (due_at) WHERE (answered_at IS NULL);
CREATE INDEX intake_overdue_in_order ON intake USING btree ((((payload ->> 'attempt'::text))::integer), key) WHERE (answered_at IS NULL);

CREATE TABLE key_lock (
  flow text NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (flow, key)
);

CREATE TABLE message (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  flow text NOT NULL,
  id text NOT NULL,
  target text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  version integer,
  attempt integer,
  revision integer,
  ordinal bigint,
  payload jsonb NOT NULL,
  state text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  deferrals integer NOT NULL DEFAULT 0,
  queued_at timestamp with time zone NOT NULL,
  next_attempt_at timestamp with time zone NOT NULL,
  turn_at timestamp with time zone NOT NULL,
  head boolean NOT NULL DEFAULT false,
  lease text,
  lease_until timestamp with time zone,
  settled_at timestamp with time zone,
  alone text,
  CHECK (((state = 'sending'::text) = ((lease IS NOT NULL) AND (lease_until IS NOT NULL)))),
  CHECK (((state = ANY (ARRAY['done'::text, 'dead'::text, 'superseded'::text])) = (settled_at IS NOT NULL))),
  CHECK (((NOT head) OR (state = ANY (ARRAY['queued'::text, 'sending'::text])))),
  CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'done'::text, 'dead'::text, 'superseded'::text]))),
  PRIMARY KEY (seq),
  UNIQUE (flow, id)
);
CREATE INDEX message_alone ON message USING btree (flow, target, alone) WHERE ((state = 'sending'::text) AND (alone IS NOT NULL));
CREATE INDEX message_dead ON message USING btree (flow, target, key) WHERE (state = 'dead'::text);
CREATE INDEX message_due ON message USING btree (flow, target, next_attempt_at) WHERE (head AND (state = 'queued'::text));
CREATE UNIQUE INDEX message_head ON message USING btree (flow, target, key) WHERE head;
CREATE INDEX message_leased ON message USING btree (flow, target, lease_until) WHERE (state = 'sending'::text);
CREATE INDEX message_of_key ON message USING btree (flow, key, kind, ordinal);
CREATE INDEX message_open ON message USING btree (flow, key, target, seq) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));
CREATE INDEX message_settled ON message USING btree (settled_at) WHERE (state = ANY (ARRAY['done'::text, 'superseded'::text]));
CREATE INDEX message_turn ON message USING btree (flow, target, turn_at, seq) WHERE (head AND (state = 'queued'::text));
CREATE TRIGGER message_deleted AFTER DELETE ON message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_deleted();
CREATE TRIGGER message_inserted AFTER INSERT ON message REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_inserted();
CREATE TRIGGER message_updated AFTER UPDATE ON message REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_updated();

CREATE TABLE queue_depth (
  flow text NOT NULL,
  target text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  count bigint NOT NULL
);

CREATE TABLE replay_id (
  flow text NOT NULL,
  channel text NOT NULL,
  replay_id bigint NOT NULL,
  stored_at timestamp with time zone NOT NULL,
  PRIMARY KEY (flow, channel)
);

CREATE TABLE sweep_state (
  flow text NOT NULL,
  org_id text,
  fields jsonb NOT NULL DEFAULT '[]'::jsonb,
  next_sweep_at timestamp with time zone,
  woken_at timestamp with time zone,
  lease text,
  lease_until timestamp with time zone,
  swept_at timestamp with time zone,
  case_cursor text,
  tombstone_cursor text,
  clear_since timestamp with time zone,
  round_began_at timestamp with time zone,
  read_until timestamp with time zone,
  queued integer NOT NULL DEFAULT 0,
  slices integer NOT NULL DEFAULT 1,
  slice integer NOT NULL DEFAULT 0,
  round_rows integer NOT NULL DEFAULT 0,
  shown_at timestamp with time zone,
  FOREIGN KEY (flow) REFERENCES flow_state(flow),
  PRIMARY KEY (flow)
);

CREATE TABLE tombstone (
  id text NOT NULL,
  key text NOT NULL,
  queued_at timestamp with time zone NOT NULL,
  sendings integer NOT NULL DEFAULT 1,
  due_at timestamp with time zone NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE usage_seal (
  contract_number text NOT NULL,
  contract_id text NOT NULL,
  entries integer NOT NULL,
  units text NOT NULL,
  amount text NOT NULL,
  digest text NOT NULL,
  basis_digest text NOT NULL,
  sealed_at timestamp with time zone NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  own_entries integer,
  own_units text,
  own_digest text,
  own_at timestamp with time zone,
  own_since timestamp(3) with time zone,
  PRIMARY KEY (contract_number),
  UNIQUE (contract_id)
);
CREATE INDEX usage_seal_differing ON usage_seal USING btree (contract_number) WHERE (own_digest <> digest);
CREATE INDEX usage_seal_unconfirmed ON usage_seal USING btree (contract_number) WHERE (own_digest IS NULL);
CREATE TRIGGER usage_seal_counted AFTER INSERT ON usage_seal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_seals();
CREATE TRIGGER usage_seal_stays BEFORE DELETE OR UPDATE ON usage_seal FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal();

CREATE OR REPLACE FUNCTION count_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, -count(*) FROM gone WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION count_inserted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, count(*) FROM fresh WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION count_seals()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO counter (flow, name, value) SELECT 'usage', 'sealsTaken', count(*) FROM fresh HAVING count(*) > 0
  ON CONFLICT (flow, name) DO UPDATE SET value = counter.value + excluded.value;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION count_updated()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO queue_depth (flow, target, kind, state, count)
  SELECT flow, target, kind, state, sum(n) FROM (
    SELECT flow, target, kind, state, 1 AS n FROM fresh UNION ALL SELECT flow, target, kind, state, -1 FROM gone
  ) AS change WHERE state IN ('queued', 'sending', 'dead') GROUP BY flow, target, kind, state HAVING sum(n) <> 0;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION name_flow_of_dead_letter()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  SELECT m.flow INTO NEW.flow FROM message m WHERE m.seq = NEW.message_seq;
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('concord.retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of % is not allowed: it is append-only', TG_OP, TG_TABLE_NAME;
END
$function$;

CREATE OR REPLACE FUNCTION refuse_change_of_seal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.contract_number, NEW.contract_id, NEW.entries, NEW.units, NEW.amount, NEW.digest, NEW.basis_digest, NEW.sealed_at, NEW.taken_at)
    IS NOT DISTINCT FROM (OLD.contract_number, OLD.contract_id, OLD.entries, OLD.units, OLD.amount, OLD.digest, OLD.basis_digest, OLD.sealed_at, OLD.taken_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% of a seal is not allowed: it stays as it was taken', TG_OP;
END
$function$;
