import { expect, it } from 'vitest';
import { assets, assetUrls } from './assets.js';

it('the address of each file names its content', () => {
  for (const [name, url] of [
    ['app.css', assetUrls.css],
    ['app.js', assetUrls.js],
    ['icon.svg', assetUrls.icon],
  ] as const)
    expect(url).toBe(`/assets/${name}?v=${assets.get(name)?.hash}`);
});

it('the style sheet is whole: every colour it uses is in its palette, light and dark', () => {
  const css = String(assets.get('app.css')?.body);
  const used = new Set([...css.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name));
  const given = new Set([...css.matchAll(/^\s*(--[a-z-]+):/gm)].map(([, name]) => name));
  expect([...used].filter((name) => !given.has(name))).toEqual([]);
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const colours = (part: string) => [...part.matchAll(/^\s*(--[a-z-]+): #/gm)].map(([, name]) => name).sort();
  expect(colours(dark)).toEqual(colours(light));
});

it('nothing is loaded from elsewhere', () => {
  for (const { body } of assets.values())
    expect(String(body)).not.toMatch(/@import|url\(|https?:\/\/(?!www\.w3\.org|simplewebauthn\.dev\/docs)/);
});
