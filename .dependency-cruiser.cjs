// Who may import whom: the arrows of ARCHITECTURE.md, checked by `pnpm check:layers` (scripts/check-layers.ts).
// Type-only imports count, tests count too. Everything that is not listed as allowed for a package is forbidden.

const PACKAGES = '^(sdk|core|certification|bench|plugins/[^/]+|templates/[^/]+)/'

/** A package may import the packages of `allowed` (regular expressions of paths), itself, and what comes from npm. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from,
  to: { path: PACKAGES, pathNot: allowed },
})

// The entries of a plugin that others may import. A plugin's contract holds types and data; nothing in it runs.
const CONTRACT = '^plugins/[^/]+/src/contract\\.tsx?$'
const PLUGIN = '^plugins/[^/]+/src/plugin\\.tsx?$'

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Files that need each other are one file, or hide a third; `import type` counts.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere is an import this check cannot judge. Plugins of the corpus find their packages where they are put together.',
      from: { pathNot: '^certification/corpus/bad-' },
      to: { couldNotResolve: true },
    },

    only('sdk-imports-nothing-of-ours', { path: '^sdk/' }, ['^sdk/'], 'The SDK stands alone.'),
    only('core-imports-sdk', { path: '^core/' }, ['^core/', '^sdk/'], 'The core knows the SDK only; no plugin, no test kit.'),
    only(
      'certification-imports-core-and-sdk',
      { path: '^certification/' },
      ['^certification/', '^core/', '^sdk/'],
      'The harness must judge any plugin, so it knows none.',
    ),
    only(
      'plugin-source-imports-sdk-and-contracts',
      { path: '^(plugins/[^/]+)/', pathNot: '^plugins/[^/]+/(test/|[^/]+\\.config\\.)' },
      ['^$1/', '^sdk/', CONTRACT],
      'A plugin sees the SDK, and another plugin through its `/contract` entry.',
    ),
    only(
      'plugin-test-imports-certification-too',
      { path: '^(plugins/[^/]+)/test/' },
      ['^$1/', '^sdk/', '^certification/', CONTRACT, PLUGIN],
      'A test may also use the test kit, and start another plugin by its main entry.',
    ),
    only(
      'template-source-imports-sdk-and-contracts',
      { path: '^(templates/[^/]+)/', pathNot: '^templates/[^/]+/(test/|[^/]+\\.config\\.)' },
      ['^$1/', '^sdk/', CONTRACT],
      'What authors copy must obey the rules of a plugin.',
    ),
    only(
      'template-test-imports-certification-too',
      { path: '^(templates/[^/]+)/test/' },
      ['^$1/', '^sdk/', '^certification/', CONTRACT, PLUGIN],
      'What authors copy must obey the rules of a plugin.',
    ),
    {
      name: 'nobody-imports-bench',
      severity: 'error',
      comment: 'Measures look at the product from outside.',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'source-does-not-import-tests',
      severity: 'error',
      from: { path: '^(sdk|core|certification|plugins/[^/]+|templates/[^/]+)/src/' },
      to: { path: '^(sdk|core|certification|plugins/[^/]+|templates/[^/]+)/test/' },
    },

    {
      name: 'core-errors-import-nothing',
      severity: 'error',
      comment: 'Everything stands on errors.ts, so it stands on nothing.',
      from: { path: '^core/src/errors\\.ts$' },
      to: { path: PACKAGES },
    },
    {
      name: 'core-scope-imports-nothing-but-errors',
      severity: 'error',
      comment: 'Everything hands its closings to scope.ts, so it knows none of them.',
      from: { path: '^core/src/scope\\.ts$' },
      to: { path: PACKAGES, pathNot: '^core/src/errors\\.ts$' },
    },
    {
      name: 'core-platform-is-the-top',
      severity: 'error',
      comment: 'Only the command line and the entry stand above platform.ts.',
      from: { path: '^core/src/', pathNot: '^core/src/(cli/|index\\.ts$)' },
      to: { path: '^core/src/(platform\\.tsx?|index\\.ts|cli/.*)$' },
    },
    {
      name: 'core-wiring-serves-platform-only',
      severity: 'error',
      comment: 'Who knows the wiring could reach everything: a service is handed what it needs instead.',
      from: { path: '^(core|certification|bench)/', pathNot: '^core/src/(wiring/|platform\\.ts$)' },
      to: { path: '^core/src/wiring/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|temp|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
    skipAnalysisNotInRules: false,
  },
}
