import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { NewDeviceSignedIn } from '../auth.events.js';

interface DeviceSignIn {
  userId: string;
  /** Whether the user was made in this transaction. */
  isNew: boolean;
  sessionId: string;
  device: string;
}

/** From which devices a person has signed in, so that a new one is noticed. */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes the device of a session that was just opened, and reports one that this account has not seen. The first device
   * of an account is expected. Idempotent: only when it was seen last changes.
   */
  async recordSignIn(tx: Tx, { userId, isNew, sessionId, device }: DeviceSignIn): Promise<void> {
    const at = this.clock.now();
    const hashes = this.secrets.hashes('device', device);
    const knownDevices: { is_this: boolean }[] = isNew
      ? []
      : await tx.query(`SELECT device_hash = ANY($2) AS is_this FROM auth.known_device WHERE user_id = $1`, [
          userId,
          hashes,
        ]);
    enqueueWrite(
      tx,
      `INSERT INTO auth.known_device (user_id, device_hash, last_sign_in_at) VALUES ($1, $2, $3)
       ON CONFLICT (user_id, device_hash) DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at`,
      [userId, hashes[0], at],
    );
    if (knownDevices.length === 0 || knownDevices.some((own) => own.is_this)) return;
    const event: NewDeviceSignedIn = {
      name: 'auth.new_device_signed_in',
      userId,
      sessionId,
      at: at.toISOString(),
    };
    await this.outbox.publish(tx, event);
  }
}
