import { describe, expect, it } from 'vitest';
import { parseHosts } from './primary-finder.js';

describe('the servers of a database URL', () => {
  it('the servers of a database URL are one, as ever', () => {
    const url = 'postgres://u:p@127.0.0.1:5433/twofold?sslmode=require';
    expect(parseHosts(url)).toEqual({ first: url, hosts: [{ host: '127.0.0.1', port: 5433 }] });
  });

  it('the servers of a database URL are several with commas in between, each with a port of its own', () => {
    expect(parseHosts('postgresql://u:p@one:5433,two,[::1]:5434/twofold?x=1')).toEqual({
      first: 'postgresql://u:p@one:5433/twofold?x=1',
      hosts: [
        { host: 'one', port: 5433 },
        { host: 'two', port: 5432 },
        { host: '::1', port: 5434 },
      ],
    });
  });

  it.each([
    '',
    'mysql://u@h/d',
    'postgres://u:p@one:x/d',
    'postgres://u:p@one:1,two:99999/d',
    'postgres:///d',
  ])('the servers of a database URL are not guessed from %p', (url) => {
    expect(parseHosts(url)).toBeNull();
  });
});
