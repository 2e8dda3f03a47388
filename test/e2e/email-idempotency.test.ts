import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { EmailDeliveriesRepository } from '../../src/notifications/mailers/email-deliveries.repository.js';
import { EmailDeliveries } from '../../src/notifications/notifications.service.js';
import { SmtpMailer } from '../../src/notifications/mailers/smtp-mailer.js';
import { createWorld, type World } from '../support/world.js';

/** An email whose fact is reported several times is sent once, over SMTP as well. */
const received: string[] = [];
let refuse = false;
let server: SMTPServer;
let mailer: SmtpMailer;
let world: World;
let emailDeliveries: EmailDeliveries;
beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        if (refuse) return done(new Error('not now'));
        received.push(mail.messageId ?? '');
        done();
      }, done);
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  mailer = new SmtpMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mailFrom: 'hello@twofold.test',
    baseUrl: 'https://twofold.test',
  });
  world = await createWorld();
  emailDeliveries = new EmailDeliveries(
    mailer,
    new EmailDeliveriesRepository(world.database, world.clock),
    world.database,
  );
});
afterAll(async () => {
  await mailer.onModuleDestroy();
  await new Promise<void>((closed) => server.close(closed));
  await world.close();
});
beforeEach(() => {
  received.length = 0;
  refuse = false;
});

const userId = '01890000-0000-7000-8000-000000000001';
const email = (id: string) => ({
  id,
  template: 'friendJoined',
  to: 'anna@example.org',
  subject: 's',
  text: 't',
  html: '<p>t</p>',
});

it('an email is sent once when many processes send it', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, () => emailDeliveries.sendOnce(email('at-once'), userId)),
  );
  expect(answers.map(({ status }) => status)).toContain('fulfilled');
  await emailDeliveries.sendOnce(email('at-once'), userId);
  expect(received).toEqual(['<at-once@twofold.test>']);
});

it('an email is sent once after the mail server was unavailable', async () => {
  refuse = true;
  await expect(emailDeliveries.sendOnce(email('away'), userId)).rejects.toThrow();
  refuse = false;
  await emailDeliveries.sendOnce(email('away'), userId);
  await emailDeliveries.sendOnce(email('away'), userId);
  expect(received).toEqual(['<away@twofold.test>']);
});

it('another process sends an email whose sender has died', async () => {
  const { clock, sql } = world;
  await sql.query(`INSERT INTO notifications.email_delivery (id, claimed_at) VALUES ('gone', $1)`, [
    clock.now(),
  ]);
  await expect(emailDeliveries.sendOnce(email('gone'), userId)).rejects.toThrow('another process');
  clock.advance(5 * 60_000);
  await emailDeliveries.sendOnce(email('gone'), userId);
  expect(received).toEqual(['<gone@twofold.test>']);
});
