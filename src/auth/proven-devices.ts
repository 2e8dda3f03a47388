import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../platform/durations.js';
import { mailboxOf, type EmailAddress } from '../platform/email-address.js';
import { Secrets } from '../platform/secrets.js';
import type { Asker } from './asker.js';
import { Cookies } from './cookies.js';

/** So many addresses a browser remembers: those of a family. */
const addressesKept = 5;

/**
 * Which devices have proven an address before, so that they have sign-in limits of their own. The browser keeps the proof: a
 * signed cookie with its device and keyed hashes of mailboxes. Nothing is looked up, so a known address cannot differ.
 */
@Injectable()
export class ProvenDevices {
  constructor(
    private readonly cookies: Cookies,
    private readonly secrets: Secrets,
  ) {}

  /** The keyed hash of the device or session that has proven `email` before, or null for anybody else. */
  deviceFor({ user, cookies }: Asker, email: EmailAddress): Buffer | null {
    if (user?.email === email) return this.hash(`user:${user.userId}`);
    const proof = this.read(cookies);
    const own = this.secrets.hashes('proven_address', mailboxOf(email));
    const isProven = own.some((hash) => proof?.mailboxes.includes(textOf(hash)));
    return proof !== null && isProven ? this.hash(proof.device) : null;
  }

  /** As which devices a code can have been asked for by whoever gives it back. */
  devicesOf({ user, cookies }: Asker): Buffer[] {
    const device = this.read(cookies)?.device;
    return [...(user === null ? [] : [`user:${user.userId}`]), ...(device === undefined ? [] : [device])].map(
      (name) => this.hash(name),
    );
  }

  /** Has the browser keep that it has proven `email`. `device`: the one that this answer gave it, if any did. */
  remember(
    request: FastifyRequest,
    reply: FastifyReply,
    email: EmailAddress,
    device = this.cookies.clientOf(request, reply).device,
  ): void {
    const before = this.read(request.cookies);
    const kept = before?.device === device ? before.mailboxes : [];
    const mailbox = textOf(this.secrets.hash('proven_address', mailboxOf(email)));
    const mailboxes = [mailbox, ...kept.filter((one) => one !== mailbox)].slice(0, addressesKept);
    this.cookies.setSigned(reply, 'tf_known', [device, ...mailboxes].join('|'), 400 * dayMs);
  }

  private read(cookies: Asker['cookies']): { device: string; mailboxes: string[] } | null {
    const known = this.cookies.unsign('tf_known', cookies.tf_known);
    const present = this.cookies.unsign('tf_device', cookies.tf_device);
    const [device, ...mailboxes] = known?.split('|') ?? [];
    return device === undefined || device !== present ? null : { device, mailboxes };
  }

  private hash(device: string): Buffer {
    return this.secrets.hash('proven_address', `device:${device}`);
  }
}

function textOf(hash: Buffer): string {
  return hash.subarray(0, 16).toString('base64url');
}
