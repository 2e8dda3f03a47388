import type { Actor } from '../platform/audit-log.js';
import { keyActor, type ApiKeyPrincipal, type Scope } from '../platform/security/api-key.js';

/** What opens a tool: a scope of an API key, or access to the machine, which reads everything. */
export type Permission = Scope | 'operator';

/** Who uses the tools. */
export interface Caller {
  actor: Actor;
  permissions: readonly Permission[];
}

/** The scopes of API keys that open a tool. */
export const toolScopes = ['people:read', 'credit:write', 'payments:write'] as const satisfies Scope[];

/** What another product's server may do with its key. */
export function keyCaller(key: ApiKeyPrincipal): Caller {
  return { actor: { ...keyActor(key), via: 'mcp' }, permissions: key.scopes };
}

/** An operator at the command line reads everything, and writes if they said so at the start. */
export function operatorCaller({ mayWrite }: { mayWrite: boolean }): Caller {
  return {
    actor: { kind: 'operator', via: 'mcp' },
    permissions: mayWrite ? ['operator', 'credit:write', 'payments:write'] : ['operator'],
  };
}

/** Whether this is an operator, who sees what only staff may. */
export function isOperator({ permissions }: Caller): boolean {
  return permissions.includes('operator');
}
