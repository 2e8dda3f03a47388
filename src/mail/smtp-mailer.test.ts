import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { wordsIn } from '../platform/locale/words.js';
import { letterOf } from './letters.js';
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
  mailer.onModuleDestroy();
  await new Promise<void>((closed) => server.close(closed));
});

it('a letter arrives over SMTP with both parts, and twice under one Message-ID when it is sent twice', async () => {
  const letter = {
    id: 'sign-in-code:0190',
    to: 'anna@example.org',
    ...letterOf(wordsIn('en'), 'signInCode', { code: '012345', minutes: 10 }),
  };
  await mailer.send(letter);
  await mailer.send(letter);

  expect(received.map(({ mail }) => mail.messageId)).toEqual(
    Array.from({ length: 2 }, () => '<sign-in-code.0190@twofold.test>'),
  );
  const mail = received[0]?.mail;
  expect(mail?.from?.text).toBe('"Twofold" <hello@twofold.test>');
  expect(mail?.subject).toContain('012345');
  expect(mail?.text?.split('\n')).toContain('012345');
  expect(mail?.html).toContain('012345');
});

it('an address that smuggles a second recipient reaches nobody else', async () => {
  received.length = 0;
  const letter = {
    id: 'x',
    to: 'anna@example.org, bert@example.org',
    ...letterOf(wordsIn('en'), 'signInCode', { code: '012345', minutes: 10 }),
  };
  await mailer.send(letter).catch(() => undefined);
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
      ...letterOf(wordsIn('en'), 'signInCode', { code: '1', minutes: 1 }),
    }),
  ).rejects.toThrow();
  lost.onModuleDestroy();
});
