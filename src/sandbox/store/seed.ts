import { twofoldPrices, twofoldProduct } from '../objects/catalog.js';
import { transaction, type SandboxDatabase } from './transaction.js';

/** Puts the product and its two prices on sale. *again* keeps those that are there. */
export async function seedCatalog(database: SandboxDatabase, appName: string): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  await transaction(database, async (client) => {
    for (const object of [twofoldProduct(now, appName), ...twofoldPrices(now)])
      await client.query(
        'INSERT INTO sandbox.object (id, type, data) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
        [object.id, object.object, JSON.stringify(object)],
      );
  });
}
