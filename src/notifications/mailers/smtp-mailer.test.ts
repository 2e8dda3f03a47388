import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { getTranslator } from '../../platform/i18n/translations.js';
import { registry } from '../../platform/observability/metrics/process-metrics.js';
import { renderEmail } from '../emails/render-email.js';
import { SmtpMailer } from './smtp-mailer.js';

const received: { mail: ParsedMail; recipients: string[] }[] = [];
let server: SMTPServer;
let mailer: SmtpMailer;

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      simpleParser(stream).then((mail) => {
        received.push({ mail, recipients });
        done();
      }, done);
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  mailer = new SmtpMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mailFrom: 'Twofold <hello@twofold.test>',
    baseUrl: 'https://twofold.test',
  });
});
afterAll(async () => {
  await mailer.onModuleDestroy();
  await new Promise<void>((closed) => server.close(closed));
});

it('an email arrives over SMTP with both parts, and twice under one Message-ID when it is sent twice', async () => {
  const email = {
    id: 'sign-in-code:0190',
    to: 'anna@example.org',
    ...renderEmail(getTranslator('en'), 'signInCode', {
      code: '012345',
      minutes: 10,
      isInvited: 'no',
      url: 'https://x/verify',
    }),
  };
  await mailer.send(email);
  await mailer.send(email);

  expect(received.map(({ mail }) => mail.messageId)).toEqual(
    Array.from({ length: 2 }, () => '<sign-in-code.0190@twofold.test>'),
  );
  const mail = received[0]?.mail;
  expect(mail?.from?.text).toBe('"Twofold" <hello@twofold.test>');
  expect(mail?.subject).toContain('012345');
  expect(mail?.text?.split('\n')).toContain('012345');
  expect(mail?.html).toContain('012345');
});

it('an address that smuggles a second recipient reaches no one else', async () => {
  received.length = 0;
  const email = {
    id: 'x',
    to: 'anna@example.org, bert@example.org',
    ...renderEmail(getTranslator('en'), 'signInCode', {
      code: '012345',
      minutes: 10,
      isInvited: 'no',
      url: 'https://x/verify',
    }),
  };
  await mailer.send(email).catch(() => undefined);
  expect(received.flatMap(({ recipients }) => recipients)).not.toContain('bert@example.org');
});

it('a server that is not there is an error, so that the job is tried again', async () => {
  const lost = new SmtpMailer({
    smtpUrl: 'smtp://127.0.0.1:9',
    mailFrom: 'a@b.test',
    baseUrl: 'http://b.test',
  });
  await expect(
    lost.send({
      id: 'x',
      to: 'a@b.test',
      ...renderEmail(getTranslator('en'), 'signInCode', {
        code: '1',
        minutes: 1,
        isInvited: 'no',
        url: 'https://x/verify',
      }),
    }),
  ).rejects.toThrow();
  await lost.onModuleDestroy();
});

describe('a mail server that refuses', () => {
  const logged: unknown[] = [];
  const email = {
    id: 'sign-in-code:0191',
    to: 'carla@refused.example',
    ...renderEmail(getTranslator('en'), 'signInCode', {
      code: '012345',
      minutes: 10,
      isInvited: 'no',
      url: 'https://x/verify',
    }),
  };
  const refusing = async (command: 'MAIL FROM' | 'RCPT TO' | 'DATA', replyCode: number) => {
    let tries = 0;
    const answer = (at: string, done: (error?: Error) => void) => {
      if (at !== command) return done();
      tries++;
      done(Object.assign(new Error(`carla@refused.example is unknown`), { responseCode: replyCode }));
    };
    const stand = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_address, _session, done) => answer('MAIL FROM', done),
      onRcptTo: (_address, _session, done) => answer('RCPT TO', done),
      onData: (stream, _session, done) => {
        stream.on('end', () => answer('DATA', done)).resume();
      },
    });
    await new Promise<void>((ready) => stand.listen(0, '127.0.0.1', ready));
    const { port } = stand.server.address() as AddressInfo;
    const own = new SmtpMailer({
      smtpUrl: `smtp://127.0.0.1:${port}`,
      mailFrom: 'hello@twofold.test',
      baseUrl: 'https://twofold.test',
    });
    const outcome = await own.send(email).then(
      () => 'ended',
      () => 'tried again',
    );
    await own.onModuleDestroy();
    await new Promise<void>((closed) => stand.close(closed));
    return { outcome, tries };
  };
  beforeAll(() => {
    const keep = (...parts: unknown[]) => {
      if (parts.at(-1) === 'mail') logged.push(parts);
    };
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  });
  afterAll(() => Logger.overrideLogger(false));

  it.each([
    ['RCPT TO', 550, 'ended'],
    ['RCPT TO', 553, 'ended'],
    ['RCPT TO', 450, 'tried again'],
    ['DATA', 554, 'ended'],
    ['DATA', 451, 'tried again'],
    ['MAIL FROM', 550, 'ended'],
    ['MAIL FROM', 530, 'tried again'],
    ['MAIL FROM', 421, 'tried again'],
  ] as const)(
    'a mail server that refuses answers %s with %i: the e-mail is %s, and no log names the address',
    async (command, replyCode, outcome) => {
      logged.length = 0;
      const counted = async () =>
        (await registry.getSingleMetric('twofold_emails_rejected_total')?.get())?.values.find(
          ({ labels }) => labels.command === command,
        )?.value ?? 0;
      const before = await counted();
      expect(await refusing(command, replyCode)).toEqual({ outcome, tries: 1 });
      const isOver = outcome === 'ended';
      expect((await counted()) - before).toBe(isOver ? 1 : 0);
      expect(logged).toHaveLength(isOver ? 1 : 0);
      expect(JSON.stringify(logged)).not.toContain('carla');
      if (isOver) expect(JSON.stringify(logged)).toContain(String(replyCode));
    },
  );
});
