import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { AddressGuard } from './address-guard.js';

/** What a socket gets that resolves a host while DNS answers `addresses`. */
function resolve(addresses: string[], { networks = [] as string[], protocol = 'https:' } = {}) {
  const dns = (_host: string, _options: LookupOptions, done: (error: null, all: LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  const guard = new AddressGuard(networks, dns as never);
  return new Promise<unknown>((resume) =>
    guard.lookupFor(protocol)('app.example', { all: true }, (error, found) =>
      resume(error === null ? found : error.code),
    ),
  );
}

const internal = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];

describe('a socket', () => {
  it.each(internal)('a socket does not connect to %s', async (address) => {
    expect(await resolve([address])).toBe('ADDRESS_REFUSED');
  });

  it('a socket does not connect when one of several addresses is internal', async () => {
    expect(await resolve(['8.8.8.8', '127.0.0.1'])).toBe('ADDRESS_REFUSED');
  });

  it('a socket connects to the very addresses that were checked', async () => {
    expect(await resolve(['8.8.8.8', '2606:4700::1'])).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  it('a socket is checked again for each attempt, so a DNS answer that changes is refused', async () => {
    const answers = [['8.8.8.8'], ['169.254.169.254']];
    const dns = (_host: string, _options: LookupOptions, done: (error: null, all: LookupAddress[]) => void) =>
      done(
        null,
        (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      );
    const lookup = new AddressGuard([], dns as never).lookupFor('https:');
    const attempt = () =>
      new Promise((resume) => lookup('rebinding.example', {}, (error, address) => resume(error ?? address)));
    expect(await attempt()).toBe('8.8.8.8');
    expect(await attempt()).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('a socket connects to a network that is allowed, and only there without TLS', async () => {
    const networks = ['10.0.0.0/8', '192.168.1.7'];
    expect(await resolve(['10.1.2.3'], { networks, protocol: 'http:' })).toHaveLength(1);
    expect(await resolve(['192.168.1.7'], { networks })).toHaveLength(1);
    expect(await resolve(['192.168.1.8'], { networks })).toBe('ADDRESS_REFUSED');
    expect(await resolve(['8.8.8.8'], { networks, protocol: 'http:' })).toBe('ADDRESS_REFUSED');
  });
});

describe('a URL', () => {
  const guard = new AddressGuard([]);
  it.each([
    'not a url',
    'ftp://app.example/',
    'http://app.example/',
    'https://user@app.example/',
    'https://user:password@app.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
  ])('a URL such as %s is refused', (url) => {
    expect(() => guard.parseUrl(url)).toThrow(expect.objectContaining({ code: 'webhooks.url_refused' }));
  });

  it('a URL with https and a name is accepted', () => {
    expect(guard.parseUrl('https://app.example/events?from=twofold').href).toBe(
      'https://app.example/events?from=twofold',
    );
  });
});
