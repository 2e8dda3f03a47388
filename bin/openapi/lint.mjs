// Lints openapi.json by redocly's `recommended-strict` and spectral's `oas`. Any finding fails.
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import spectralRulesets from '@stoplight/spectral-rulesets';

const file = new URL('../../openapi.json', import.meta.url);
const source = readFileSync(file, 'utf8');

const config = await createConfig({ extends: ['recommended-strict'] });
const redocly = (await lintFromString({ source, absoluteRef: file.pathname, config })).map(
  ({ ruleId, message, location }) => `redocly ${ruleId} ${location[0]?.pointer ?? ''}: ${message}`,
);

const spectral = new spectralCore.Spectral();
spectral.setRuleset({ extends: [[spectralRulesets.oas, 'recommended']] });
const found = (await spectral.run(source)).map(
  ({ code, message, path }) => `spectral ${code} ${path.join('/')}: ${message}`,
);

const findings = [...redocly, ...found];
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
