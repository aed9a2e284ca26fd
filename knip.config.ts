// check:dead. With --production only what the page and the command are made of counts as a use: not tests, tools, benches.
import type { KnipConfig } from 'knip'

const production = process.argv.includes('--production')

const config: KnipConfig = {
  entry: [
    'src/sw.ts!',
    'workers/*.ts!',
    'tools/explain.ts!',
    'tools/make-*.ts!',
    'src/**/*.gallery.{ts,tsx}',
    'src/views/gallery-main.ts',
    'src/**/*.test.{ts,tsx}',
    'tools/*.{mjs,ts}',
    'tools/{start,test}/main.mjs',
    'tools/test/run-asked.ts',
    'tools/start/build-and-serve.ts',
    'tools/**/*.test.ts',
    'bench/**/*.{mjs,ts}',
    'e2e/**/*.spec.ts',
    'e2e/engines/values-in-node.ts',
    'src/engine/testing/run-mutations.ts',
  ],
  project: [
    'src/**/*.{ts,tsx}!',
    'workers/**/*.ts!',
    'tools/{explain,make-*,model-folder,node-environment}.ts!',
    'tools/explain/**/*.ts!',
    '!src/**/testing/**!',
    '!src/**/*.fixture.{ts,tsx}!',
    '!src/**/*.gallery.{ts,tsx}!',
    '!src/views/{gallery,gallery-main,kit/gallery-data}.ts!',
    'tools/**/*.{mjs,ts}',
    'e2e/**/*.ts',
    'bench/**/*.{mjs,ts}',
  ],
  ignore: ['tools/planted/**'],
  // A test may look at a part of what a file does: the part is exported, and used in the file itself.
  ignoreExportsUsedInFile: production || { interface: true, type: true },
}

export default config
