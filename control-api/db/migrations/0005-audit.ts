import type { Migration } from "./migration.ts";

/**
 * The audit log: one chain per organization and one of the platform ("chain" is then all zeroes). The trigger hashes
 * each row together with the hash before it and keeps the head of the chain under a row lock, so that nothing can be
 * changed, dropped or slipped in without `verify` finding it. Accounts may add rows and read them, nothing else.
 */
export const audit: Migration = {
  name: "0005-audit",
  sql: `
CREATE TABLE audit_heads (
  chain uuid PRIMARY KEY,
  number bigint NOT NULL,
  hash text NOT NULL
);

CREATE TABLE audit_log (
  chain uuid NOT NULL,
  number bigint NOT NULL,
  organization_id uuid,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  request_id text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (chain, number)
);
CREATE INDEX audit_log_by_organization ON audit_log (organization_id, at DESC);

CREATE FUNCTION audit_hash(entry audit_log) RETURNS text LANGUAGE sql STABLE SET search_path = registry, pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws(chr(31), entry.chain, entry.number, entry.organization_id,
    to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor, entry.action, entry.subject,
    entry.detail::text, entry.request_id, entry.previous_hash), 'UTF8')), 'hex')
$$;

CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = registry, pg_catalog, pg_temp AS $$
DECLARE head audit_heads;
BEGIN
  NEW.chain := coalesce(NEW.organization_id, '00000000-0000-0000-0000-000000000000');
  INSERT INTO audit_heads VALUES (NEW.chain, 0, '') ON CONFLICT (chain) DO NOTHING;
  SELECT * INTO head FROM audit_heads WHERE chain = NEW.chain FOR UPDATE;
  NEW.number := head.number + 1;
  NEW.previous_hash := head.hash;
  NEW.hash := audit_hash(NEW);
  UPDATE audit_heads SET number = NEW.number, hash = NEW.hash WHERE chain = NEW.chain;
  RETURN NEW;
END $$;

CREATE TRIGGER chain_audit_entry BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
`,
};
