import type { DataSource } from 'typeorm';
import { getPool } from '../../database/data-source.js';
import type { GaugeSample } from './metric-source.js';

/** How this process uses its connections. */
export function poolMetrics(dataSource: DataSource): GaugeSample[] {
  const { totalCount, idleCount, waitingCount, options } = getPool(dataSource);
  const connections = {
    name: 'twofold_pool_connections',
    help: 'Connections of this process to PostgreSQL that are open',
  };
  return [
    { ...connections, labels: { state: 'busy' }, value: totalCount - idleCount },
    { ...connections, labels: { state: 'idle' }, value: idleCount },
    {
      name: 'twofold_pool_waiting',
      help: 'Requests of this process that wait for a connection',
      value: waitingCount,
    },
    {
      name: 'twofold_pool_limit',
      help: 'Connections that this process may open (DATABASE_POOL_MAX)',
      value: options.max ?? 0,
    },
  ];
}
