import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Queryable, Tx } from '../tx.js';
import type { RoleAccess } from './database-role.entity.js';
import { privilegeStatements } from './privileges.js';

/**
 * A role to be given its rights. Without `password` it keeps the one it has, or signs in by other
 * means.
 */
export interface RoleRequest {
  name: string;
  access: RoleAccess;
  password: string | null;
}

/** The role cannot be set up; `message` says what to do instead. */
export class RoleRefusedError extends Error {}

interface ExistingRole {
  is_me: boolean;
  is_mighty: boolean;
  owns: boolean;
}

/**
 * The statements that make `wanted.name` a role with exactly the rights of its access in this
 * database.
 * Errors: {@link RoleRefusedError} for a name that is none, for oneself, and for a role that can do
 * more than it would be given.
 */
export async function roleStatements(db: Queryable, request: RoleRequest): Promise<string[]> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(request.name) || request.name.startsWith('pg_'))
    throw new RoleRefusedError(
      'A role name has lower-case letters, digits and underscores, such as twofold_app.',
    );
  const role = `"${request.name}"`;
  const exists = await roleExists(db, request.name);
  const secret = request.password === null ? '' : ` PASSWORD '${scramVerifier(request.password)}'`;
  const [{ database } = { database: '' }] = await db.query<{ database: string }>(
    `SELECT quote_ident(current_database()) AS database`,
  );
  return [
    ...(exists ? [] : [`CREATE ROLE ${role} LOGIN${secret}`]),
    ...(exists && secret !== '' ? [`ALTER ROLE ${role}${secret}`] : []),
    `GRANT CONNECT${request.access === 'app' ? ', TEMPORARY' : ''} ON DATABASE ${database} TO ${role}`,
    ...(await privilegeStatements(db, role, request.access)),
    `INSERT INTO platform.database_role (name, access) VALUES ('${request.name}', '${request.access}')
     ON CONFLICT (name) DO UPDATE SET access = excluded.access`,
  ];
}

/**
 * Gives every role that is known here its rights again: what was migrated since may be new to them.
 * Answers their names.
 */
export async function renewPrivileges(db: Tx): Promise<string[]> {
  await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('twofold:privileges', 0))`);
  const roles: { name: string; access: RoleAccess }[] = await db.query(
    `SELECT d.name, d.access FROM platform.database_role d JOIN pg_roles r ON r.rolname = d.name ORDER BY d.name`,
  );
  for (const { name, access } of roles)
    for (const statement of await privilegeStatements(db, `"${name}"`, access)) await db.query(statement);
  return roles.map(({ name }) => name);
}

async function roleExists(db: Queryable, name: string): Promise<boolean> {
  const [found] = await db.query<ExistingRole>(
    `SELECT rolname = current_user AS is_me,
       rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication
         OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS is_mighty,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relowner = r.oid AND n.nspname = 'credit') AS owns
     FROM pg_roles r WHERE rolname = $1`,
    [name],
  );
  if (found === undefined) return false;
  if (found.is_me || found.owns)
    throw new RoleRefusedError(
      `${name} owns the tables, and an owner’s privileges cannot be revoked. Use another role.`,
    );
  if (found.is_mighty)
    throw new RoleRefusedError(
      `${name} has too many privileges: it can create roles or databases, or is a member of another role. Use a new role.`,
    );
  return true;
}

const scramIterations = 4096;

/**
 * What PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5803), so that the password itself
 * travels nowhere and stands in no log of statements. Takes printable ASCII only: other characters
 * would have to be normalised first.
 */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, scramIterations, 32, 'sha256');
  const hmac = (word: string): Buffer => createHmac('sha256', salted).update(word).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${scramIterations}:${salt.toString('base64')}$${stored}:${server}`;
}
