// npm run serve: node tools/run-ts.mjs tools/serve.ts [--dir dist] [--port 4173] [--host 127.0.0.1] [--no-isolation] [--strict-port]
import { parseArgs } from 'node:util'
import { serve } from './server/serve.ts'

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: 'dist' },
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    'no-isolation': { type: 'boolean', default: false },
    'strict-port': { type: 'boolean', default: false },
  },
})
try {
  const { url } = await serve({
    dir: values.dir,
    port: Number(values.port),
    host: values.host,
    isolation: !values['no-isolation'],
    strictPort: values['strict-port'],
  })
  console.log(url)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
