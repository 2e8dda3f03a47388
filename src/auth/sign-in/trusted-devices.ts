import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../../platform/durations.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { Requester } from './requester.js';
import { Cookies } from '../sessions/cookies.js';

/** So many addresses a browser remembers: those of a family. */
const maxRememberedMailboxes = 5;

/**
 * Which devices have proven an address before, so that they have sign-in limits of their own. The
 * browser keeps the proof: a signed cookie with its device and keyed hashes of mailboxes. Nothing
 * is looked up, so a known address cannot differ.
 */
@Injectable()
export class TrustedDevices {
  constructor(
    private readonly cookies: Cookies,
    private readonly secrets: Secrets,
  ) {}

  /**
   * The keyed hash of the device or session that has proven `email` before, or null for anybody
   * else.
   */
  findDevice({ user, cookies }: Requester, email: EmailAddress): Buffer | null {
    if (user?.email === email) return this.hashDevice(`user:${user.userId}`);
    const proof = this.readCookie(cookies);
    const own = this.secrets.hashes('trusted_device', canonicalMailbox(email));
    const isProven = own.some((hash) => proof?.mailboxes.includes(hashText(hash)));
    return proof !== null && isProven ? this.hashDevice(proof.device) : null;
  }

  /** The devices that may have requested the code that this requester submits. */
  possibleDevices({ user, cookies }: Requester): Buffer[] {
    const device = this.readCookie(cookies)?.device;
    return [...(user === null ? [] : [`user:${user.userId}`]), ...(device === undefined ? [] : [device])].map(
      (name) => this.hashDevice(name),
    );
  }

  /**
   * Has the browser keep that it has proven `email`. `device`: the one that this answer gave it, if
   * any did.
   */
  trust(
    request: FastifyRequest,
    reply: FastifyReply,
    email: EmailAddress,
    device = this.cookies.clientInfoOf(request, reply).device,
  ): void {
    const before = this.readCookie(request.cookies);
    const kept = before?.device === device ? before.mailboxes : [];
    const mailbox = hashText(this.secrets.hash('trusted_device', canonicalMailbox(email)));
    const mailboxes = [mailbox, ...kept.filter((one) => one !== mailbox)].slice(0, maxRememberedMailboxes);
    this.cookies.setSigned(reply, 'tf_trusted', [device, ...mailboxes].join('|'), 400 * dayMs);
  }

  private readCookie(cookies: Requester['cookies']): { device: string; mailboxes: string[] } | null {
    const known = this.cookies.unsign('tf_trusted', cookies.tf_trusted);
    const present = this.cookies.unsign('tf_device', cookies.tf_device);
    const [device, ...mailboxes] = known?.split('|') ?? [];
    return device === undefined || device !== present ? null : { device, mailboxes };
  }

  private hashDevice(device: string): Buffer {
    return this.secrets.hash('trusted_device', `device:${device}`);
  }
}

function hashText(hash: Buffer): string {
  return hash.subarray(0, 16).toString('base64url');
}
