/**
 * The eight floors of docs/architecture.md: arrows only downwards, modules entered by their front door only.
 * test/architecture.test.ts shows each of these rules failing.
 */
const floors = [
  ['platform'],
  ['credit', 'mail'],
  ['referral'],
  ['auth', 'billing'],
  ['life'],
  ['settings', 'admin'],
];

/** A module may import lower floors; not its own floor's other modules, nor anything above. */
const downwards = floors.flatMap((floor, level) =>
  floor.map((module) => ({
    name: `${module}-looks-only-down`,
    comment: `src/${module} may import only: ${floors.slice(0, level).flat().join(', ') || 'nothing of ours'}`,
    severity: 'error',
    from: { path: `^src/${module}/` },
    to: { path: '^src/', pathNot: [module, ...floors.slice(0, level).flat()].map((name) => `^src/${name}/`) },
  })),
);

const modules = floors.flat().filter((module) => module !== 'platform');

module.exports = {
  forbidden: [
    ...downwards,
    {
      name: 'front-door-only',
      comment: 'A module is entered by its index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)' },
      to: { path: `^src/(${modules.join('|')})/(?!index\\.ts$)`, pathNot: '^src/$1/' },
    },
    {
      name: 'nobody-inside-imports-the-barrel',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: 'index\\.ts$' },
      to: { path: '^src/$1/index\\.ts$', pathNot: '^src/platform/' },
    },
    {
      name: 'sandbox-stands-apart',
      comment: 'Loaded dynamically in local mode only, and knows nothing of the product.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'sandbox-knows-nothing-of-us',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'only-billing-speaks-stripe',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(billing|sandbox)/' },
      to: { path: '(^|/)node_modules/stripe/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
