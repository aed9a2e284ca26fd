// Serves onnxruntime-web's own .mjs and .wasm files under ./ort/: from node_modules in development, copied by a build.
import { createReadStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Connect, Plugin } from 'vite'

/** onnxruntime-web's entries /wasm, /jspi and /webgpu load the .mjs of their kind, which loads the .wasm of the same name. */
const ORT_FILES: readonly string[] = ['', '.jspi', '.asyncify'].flatMap((kind) =>
  ['mjs', 'wasm'].map((ending) => `ort-wasm-simd-threaded${kind}.${ending}`),
)

const FROM = resolve('node_modules/onnxruntime-web/dist')

/** A Vite plugin that makes the runtime's files part of the site, so that nothing comes from another host. */
export function ortRuntime(): Plugin {
  let outDir = 'dist'
  return {
    name: 'innerscope:ort-runtime',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    // Added before Vite's own handlers: those refuse to import .mjs files that are not part of the module graph.
    configureServer(server) {
      server.middlewares.use(serveOrt)
    },
    writeBundle: {
      sequential: true,
      async handler() {
        await mkdir(join(outDir, 'ort'), { recursive: true })
        await Promise.all(ORT_FILES.map((file) => copyFile(join(FROM, file), join(outDir, 'ort', file))))
      },
    },
  }
}

const serveOrt: Connect.NextHandleFunction = (request, response, next) => {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const file = ORT_FILES.find((name) => path.endsWith(`/ort/${name}`))
  if (file === undefined) return next()
  response.setHeader('Content-Type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript')
  response.setHeader('Cache-Control', 'no-cache')
  createReadStream(join(FROM, file)).on('error', next).pipe(response)
}
