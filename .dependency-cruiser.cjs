/** The house rules of who may import whom; DESIGN: schemas import nobody, the core is pure, only app.ts wires. */
const phase = (n, ahead) => ({ name: `core-phase-${n}-does-not-look-ahead`, severity: 'error', from: { path: `^engine/src/core/${n}-` }, to: { path: `^engine/src/core/(${ahead})-` } })
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'schemas-import-nobody', severity: 'error', from: { path: '^schemas/src' }, to: { path: '^(engine|dashboard|bench)/' } },
    { name: 'core-imports-only-core-and-schemas', severity: 'error', from: { path: '^engine/src/core', pathNot: '\\.test\\.ts$' },
      to: { path: '^(engine/src/(?!core)|dashboard|bench)|^node:|^(fs|net|http|child_process|worker_threads|os|path)$', pathNot: '^$' } },
    { name: 'core-takes-no-builtin', severity: 'error', from: { path: '^engine/src/core', pathNot: '\\.test\\.ts$' }, to: { dependencyTypes: ['core'] } },
    phase(1, '2|3|4|5'), phase(2, '3|4|5'), phase(3, '4|5'), phase(4, '5'),
    { name: 'adapters-do-not-know-each-other', severity: 'error', from: { path: '^engine/src/io/([^/]+)/', pathNot: '\\.test\\.ts$' }, to: { path: '^engine/src/io/[^/]+/', pathNot: '^engine/src/io/($1|log|ports)/' } },
    { name: 'adapters-do-not-wire', severity: 'error', from: { path: '^engine/src/io/', pathNot: '\\.test\\.ts$' }, to: { path: '^engine/src/(app|loop|cli)' } },
    { name: 'core-engine-is-for-the-shell', severity: 'error', from: { path: '^engine/src/io/', pathNot: '\\.test\\.ts$' }, to: { path: '^engine/src/core/engine\\.ts$' } },
    { name: 'dashboard-never-imports-the-engine', severity: 'error', from: { path: '^dashboard/' }, to: { path: '^(engine|bench)/' } },
    { name: 'chart-is-pure', severity: 'error', from: { path: '^dashboard/src/chart/' }, to: { path: '^dashboard/src/(live|panels|screens)/' } },
    { name: 'nobody-imports-bench', severity: 'error', from: { path: '^(schemas|engine|dashboard)/' }, to: { path: '^bench/' } },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, exclude: { path: '(node_modules|dist|generated)/' },
    tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.svelte'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] } },
}
