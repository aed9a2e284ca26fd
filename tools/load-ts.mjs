// Loads a TypeScript module of the project into Node, through Vite. Packages are loaded by Node itself, onnxruntime-web/wasm too.
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

/**
 * What a module exports; relative imports, the project's #aliases and TypeScript work in all that it imports.
 * @template [Module=unknown]
 * @param {string} file
 * @returns {Promise<Module>}
 */
export async function loadTs(file) {
  const root = resolve(import.meta.dirname, '..')
  /** @type {{ module: Module }} */
  const { module } = await runnerImport(resolve(file), { configFile: false, root, logLevel: 'warn', envDir: false })
  return module
}
