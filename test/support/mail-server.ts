import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { until } from './until.js';

/** An e-mail as it arrived; `at` by the monotonic clock. */
interface ReceivedEmail {
  to: string;
  text: string;
  at: number;
}

/**
 * A mail server on loopback. It takes every e-mail, but never answers for those that `hangsFor`
 * names.
 */
export class MailServer {
  readonly received: ReceivedEmail[] = [];
  /** Recipients whose e-mail it was offered and does not answer for. */
  readonly unansweredRecipients: string[] = [];
  ignoresRecipient: (recipient: string) => boolean = () => false;

  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => {
      if (this.ignoresRecipient(address)) this.unansweredRecipients.push(address);
      else done();
    },
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then((mail) => {
        for (const { address } of envelope.rcptTo)
          this.received.push({ to: address, text: mail.text ?? '', at: performance.now() });
        done();
      }, done);
    },
  });

  async start(): Promise<string> {
    this.server.on('error', () => undefined);
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** The newest sign-in code for an address that arrived after `since`, and when it did. */
  async codeFor(address: string, since: number): Promise<{ code: string; at: number }> {
    const found = () => this.received.findLast(({ to, at }) => to === address && at >= since);
    await until(() => found() !== undefined);
    const code = /^\d{6}$/m.exec(found()?.text ?? '')?.[0] ?? '';
    return { code, at: found()?.at ?? NaN };
  }

  async stop(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(closed));
  }
}
