import { expect, it } from 'vitest';
import { deviceName } from './device-name.js';

it('a device is named by its browser and system', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0')).toBe(
    'Firefox on Linux',
  );
  expect(
    deviceName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari on iPhone');
  expect(deviceName('Mozilla/5.0 (Windows NT 10.0) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0')).toBe(
    'Edge on Windows',
  );
});

it('one that says nothing known keeps its own words, and silence is said', () => {
  expect(deviceName('my-sync-client/2')).toBe('my-sync-client/2');
  expect(deviceName('')).toContain('unknown device');
});
