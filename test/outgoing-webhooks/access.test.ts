import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PersonErasure } from '../../src/accounts/account-erasure.js';
import { AccessReader } from '../../src/accounts/access/access-reader.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { AccessPublisher } from '../../src/outgoing-webhooks/access/access-publisher.js';
import { EventFeed } from '../../src/outgoing-webhooks/events/event-feed.js';
import { recordAccessChange } from '../../src/platform/access-changes.js';
import { addMs, dayMs } from '../../src/platform/durations.js';
import type { Person } from '../support/given.js';
import { createWebhookWorld, operator, type WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
beforeAll(async () => {
  world = await createWebhookWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(new Date());
  await world.sql.query(
    `TRUNCATE webhooks.delivery, webhooks.event, webhooks.published_access, platform.access_change`,
  );
});

interface AccessEvent {
  person: { id: string };
  active: boolean;
  revision: number;
}

const publishedAccess = async () => {
  await world.runHandlers();
  const { items } = await world.get(EventFeed).list({ limit: 100, type: 'access.changed' });
  return items.map(({ data }) => data as AccessEvent);
};
const grant = (person: Person, days: number) =>
  world.database.transaction((tx) =>
    world
      .get(CreditService)
      .grantManually(tx, { userId: person.id, days }, { reason: 'Sorry', actor: operator }),
  );
const accessOf = async ({ id }: Person) => {
  const { changesAt: _, ...access } = await world.get(AccessReader).find(id);
  return JSON.parse(JSON.stringify({ person: { id, externalId: null }, ...access })) as AccessEvent;
};

describe('access.changed', () => {
  it('says for both sides of a conversion what a reader of the API sees', async () => {
    const anna = await world.given.user();
    const bert = await world.given.userInvitedBy(anna);
    await world.when.pays(bert);
    const events = await publishedAccess();
    expect(events).toHaveLength(2);
    expect(events).toEqual(expect.arrayContaining([await accessOf(anna), await accessOf(bert)]));
    expect(events.map(({ active }) => active)).toEqual([true, true]);
  });

  it('is published once when access runs out, with a new revision, by several processes at once', async () => {
    const anna = await world.given.user();
    await grant(anna, 3);
    const [begun] = await publishedAccess();
    world.clock.set(addMs(world.clock.now(), 3 * dayMs));
    const publisher = world.get(AccessPublisher);
    await Promise.all(Array.from({ length: 4 }, () => publisher.drain()));
    const events = await publishedAccess();
    expect(events).toMatchObject([
      { person: { id: anna.id }, active: true },
      { person: { id: anna.id }, active: false },
    ]);
    expect(events[1]?.revision).toBe((begun?.revision ?? 0) + 1);
    expect(events[1]).toEqual(await accessOf(anna));
  });

  it('is not published again for a change that leaves the access as it was', async () => {
    const anna = await world.given.user();
    await grant(anna, 3);
    await publishedAccess();
    await world.database.transaction((tx) => {
      recordAccessChange(tx, [anna.id, anna.id]);
      return Promise.resolve();
    });
    expect(await publishedAccess()).toHaveLength(1);
    expect(await world.see.count('platform.access_change')).toBe(0);
  });

  it('is published later for one whose account another transaction holds, and for others at once', async () => {
    const [anna, bert] = [await world.given.user(), await world.given.user()];
    await grant(anna, 3);
    await grant(bert, 3);
    await publishedAccess();
    world.clock.set(addMs(world.clock.now(), 3 * dayMs));
    const ended = async () =>
      (await publishedAccess()).flatMap((event) => (event.active ? [] : [event.person.id]));
    await world.database.transaction(async (tx) => {
      await tx.query(`SELECT FROM billing.account WHERE user_id = $1 FOR UPDATE`, [anna.id]);
      expect(await ended()).toEqual([bert.id]);
    });
    expect(await ended()).toEqual([bert.id, anna.id]);
  });

  it('is published for the account that another one was merged into', async () => {
    const [anna, old] = [await world.given.user(), await world.given.user()];
    await grant(old, 30);
    await publishedAccess();
    await world.sql.query(`INSERT INTO platform.merged_account (from_id, into_id) VALUES ($1, $2)`, [
      old.id,
      anna.id,
    ]);
    await world.database.transaction((tx) => world.get(CreditService).transferToCurrentOwner(tx, [old.id]));
    expect((await publishedAccess()).at(-1)).toEqual(await accessOf(anna));
  });

  it('is not published for an erased person, of whom nothing is stored', async () => {
    const anna = await world.given.user();
    await grant(anna, 3);
    await publishedAccess();
    await world.database.transaction((tx) => world.get(PersonErasure).erase(tx, anna.id, operator));
    await grant(anna, 1).catch(() => null);
    expect(await publishedAccess()).toHaveLength(1);
    expect(await world.see.count('webhooks.published_access')).toBe(0);
  });
});

describe('person.created and person.updated', () => {
  const ofType = async (type: 'person.created' | 'person.updated') => {
    await world.runHandlers();
    return (await world.get(EventFeed).list({ limit: 100, type })).items.map(({ data }) => data);
  };
  const save = async (payload: object) => {
    const authorization = `Bearer ${await world.given.apiKey('people:write')}`;
    const headers = { authorization };
    await world.app.inject({ method: 'PUT', url: '/api/v1/people/host-1', headers, payload });
  };

  it('are published for a person of another product, with the names of the fields', async () => {
    const email = 'host-1@example.org';
    await save({ email, emailVerified: true, displayName: 'Anna' });
    await save({ email, emailVerified: true, displayName: 'Anna' });
    await save({ email: 'new@example.org', emailVerified: true, displayName: 'Anna B.', locale: 'de' });
    const [created, ...others] = await ofType('person.created');
    expect([created, others]).toMatchObject([{ person: { externalId: 'host-1' } }, []]);
    const updates = (await ofType('person.updated')) as { changed: string[] }[];
    expect(updates.map(({ changed }) => changed).toSorted()).toEqual([['displayName', 'locale'], ['email']]);
  });

  it('are published for a user who signs up and changes the profile, and not for the same again', async () => {
    const anna = await world.given.user();
    const change = () =>
      world.app.inject({
        method: 'PUT',
        url: '/api/v1/me',
        headers: { authorization: `Bearer ${anna.token}` },
        payload: { timeZone: 'Europe/Vienna' },
      });
    expect([(await change()).statusCode, (await change()).statusCode]).toEqual([200, 200]);
    expect(await ofType('person.created')).toEqual([{ person: { id: anna.id, externalId: null } }]);
    expect(await ofType('person.updated')).toMatchObject([{ changed: ['timeZone'] }]);
  });
});
