import type { Queryable } from '../tx.js';
import { sqlFiles } from '../migration-files.js';
import type { RoleAccess } from './database-role.entity.js';

interface Relation {
  schema: string;
  name: string;
  kind: 'table' | 'view' | 'sequence';
  appendOnly: boolean;
}

const queueSchema = 'pgboss';
/** The ledger, referrals and payments: no full address, no code, no token, no email is in them. */
const readerSchemas = new Set(['credit', 'referral', 'billing']);
const readerTables = new Set(['platform.audit']);
/** Stripe’s events as they came, and the codes of other tools, name people. */
const hiddenFromReaders = new Set([
  'billing.inbox',
  'billing.inbox_payload',
  'billing.received_event',
  'referral.code_alias',
]);
/** What only the owner decides. */
const ownerOnlyTables = new Set(['platform.database_role']);
/**
 * Tables of which a role that runs Twofold may change some columns only. What credit reaches to
 * follows from the ledger, in the database; a column that may be updated lets the row be locked.
 */
const columnPrivileges: Record<string, string> = {
  'credit.account': 'SELECT, INSERT (user_id), UPDATE (last_at)',
};

/** Every schema that migrations have made, and that of the queues. */
export function ownSchemas(): string[] {
  const made = sqlFiles().migrations.flatMap(({ sql }) =>
    [...sql.matchAll(/^CREATE SCHEMA (\w+)/gm)].map(([, name]) => name ?? ''),
  );
  return [...made, queueSchema];
}

/**
 * The statements that give `role` exactly the rights of `access` on what is there now, and no
 * others. `role` is quoted already. An append-only table is one whose trigger refuses change: there
 * the role may add and read, nothing else.
 */
export async function privilegeStatements(
  db: Queryable,
  role: string,
  access: RoleAccess,
): Promise<string[]> {
  const schemas = ownSchemas();
  const everything = schemas.join(', ');
  const relations = await listRelations(db, schemas);
  const statements = [
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${everything} FROM ${role}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${everything} FROM ${role}`,
    `REVOKE ALL ON SCHEMA ${everything} FROM ${role}`,
    `REVOKE ALL ON public.schema_file FROM ${role}`,
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
  ];
  const grants = relations.flatMap((relation) => {
    const rights = privilegesOn(relation, access);
    return rights === null ? [] : [{ ...relation, rights }];
  });
  for (const schema of new Set(grants.map((grant) => grant.schema)))
    statements.push(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  for (const { rights, schema, name, kind } of grants)
    statements.push(
      `GRANT ${rights} ON ${kind === 'sequence' ? 'SEQUENCE ' : ''}${schema}."${name}" TO ${role}`,
    );
  if (access === 'app') statements.push(`GRANT SELECT ON public.schema_file TO ${role}`);
  return [...statements, ...(await functionPrivileges(db, schemas, role, access))];
}

/**
 * What runs as the owner is called by roles that run Twofold, and by no others. No other role makes
 * triggers of it.
 */
async function functionPrivileges(
  db: Queryable,
  schemas: string[],
  role: string,
  access: RoleAccess,
): Promise<string[]> {
  const functions = await db.query<{ signature: string; isTrigger: boolean }>(
    `SELECT p.oid::regprocedure::text AS signature, p.prorettype = 'trigger'::regtype AS "isTrigger"
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = ANY($1) AND p.prosecdef ORDER BY 1`,
    [schemas],
  );
  return functions.flatMap(({ signature, isTrigger }) => [
    `REVOKE EXECUTE ON FUNCTION ${signature} FROM PUBLIC, ${role}`,
    ...(access === 'app' && !isTrigger ? [`GRANT EXECUTE ON FUNCTION ${signature} TO ${role}`] : []),
  ]);
}

function privilegesOn({ schema, name, kind, appendOnly }: Relation, access: RoleAccess): string | null {
  const known = `${schema}.${name}`;
  if (access === 'reader') {
    const isShown = (readerSchemas.has(schema) && !hiddenFromReaders.has(known)) || readerTables.has(known);
    return isShown && kind !== 'sequence' ? 'SELECT' : null;
  }
  if (kind === 'sequence') return 'USAGE';
  if (kind === 'view' || ownerOnlyTables.has(known)) return 'SELECT';
  if (columnPrivileges[known] !== undefined) return columnPrivileges[known];
  return appendOnly ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE';
}

/** The rights of a partition are those of its table; only pg-boss reads its partitions directly. */
function listRelations(db: Queryable, schemas: string[]): Promise<Relation[]> {
  return db.query<Relation>(
    `SELECT n.nspname AS schema, c.relname AS name,
       CASE WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'view' END AS kind,
       EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = 'platform.reject_change'::regproc)
         AS "appendOnly"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
       AND (NOT c.relispartition OR n.nspname = '${queueSchema}') ORDER BY n.nspname, c.relname`,
    [schemas],
  );
}
