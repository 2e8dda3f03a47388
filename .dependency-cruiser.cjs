/**
 * The layers of docs/architecture.md: a module imports lower layers only, and enters other modules through their index.
 * test/architecture.test.ts shows each of these rules failing.
 */
const layers = [
  ['platform'],
  ['credit', 'notifications'],
  ['referral'],
  ['auth', 'billing'],
  ['accounts', 'integrity'],
  ['outgoing-webhooks'],
  ['settings', 'admin'],
  ['people', 'mcp', 'embed'],
];

/** A module may import lower layers; not the other modules of its own layer, nor anything above. */
const downwards = layers.flatMap((layer, level) =>
  layer.map((module) => ({
    name: `${module}-imports-only-lower-layers`,
    comment: `src/${module} may import only: ${layers.slice(0, level).flat().join(', ') || 'nothing of src/'}`,
    severity: 'error',
    from: { path: `^src/${module}/` },
    to: { path: '^src/', pathNot: [module, ...layers.slice(0, level).flat()].map((name) => `^src/${name}/`) },
  })),
);

const modules = layers.flat().filter((module) => module !== 'platform');

module.exports = {
  forbidden: [
    ...downwards,
    {
      name: 'enter-through-index',
      comment: 'A module is entered through its index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)' },
      to: { path: `^src/(${modules.join('|')})/(?!index\\.ts$)`, pathNot: '^src/$1/' },
    },
    {
      name: 'no-barrel-import-from-inside',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: 'index\\.ts$' },
      to: { path: '^src/$1/index\\.ts$', pathNot: '^src/platform/' },
    },
    {
      name: 'sandbox-loaded-dynamically',
      comment: 'Loaded in local mode only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'sandbox-is-independent',
      comment: 'The sandbox stands in for Stripe and imports nothing of the product.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(sandbox|jsx)/' },
    },
    {
      name: 'jsx-is-independent',
      comment: 'The JSX runtime imports nothing of the product.',
      severity: 'error',
      from: { path: '^src/jsx/' },
      to: { path: '^src/', pathNot: '^src/jsx/' },
    },
    {
      name: 'embedded-postgres-is-independent',
      comment: 'It imports nothing of the product.',
      severity: 'error',
      from: { path: '^src/embedded-postgres/' },
      to: { path: '^src/', pathNot: '^src/embedded-postgres/' },
    },
    {
      name: 'embedded-postgres-is-local-only',
      comment: 'Only local mode and the demo run it.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/embedded-postgres/', '^src/local-environment\\.ts$', '^src/cli/demo/'],
      },
      to: { path: '^src/embedded-postgres/' },
    },
    {
      name: 'only-billing-imports-stripe',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(billing|sandbox)/' },
      to: { path: '(^|/)node_modules/stripe/' },
    },
    { name: 'no-circular-imports', severity: 'error', from: {}, to: { circular: true } },
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
