import type { ClientBase } from 'pg';

export const maxUsers: number;
export function generate(
  client: ClientBase,
  options: { users: number; seed?: number; until: Date; onStep?: (name: string) => void },
): Promise<void>;
