import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { entriesThatImportOnly, entryChunks } from './tools/vite/entry-chunks.ts'
import { katexFonts } from './tools/vite/katex-fonts.ts'
import { offline } from './tools/vite/offline.ts'
import { ortRuntime } from './tools/vite/ort-runtime.ts'
import { contentPolicy, isolation } from './tools/vite/page-policy.ts'

export default defineConfig({
  // Relative addresses: the built page works in any folder of any static host.
  base: './',
  plugins: [isolation(), katexFonts(), ortRuntime(), react(), contentPolicy(), offline(), entryChunks()],
  // onnxruntime-web then loads its .mjs and .wasm from an address that the engine names (./ort/) instead of carrying them in our bundle.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es', plugins: () => [entryChunks()], rolldownOptions: { output: entriesThatImportOnly('worker') } },
  build: {
    target: 'es2023',
    sourcemap: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: 0,
    rolldownOptions: { output: entriesThatImportOnly('page') },
    license: { fileName: 'licenses.md' },
  },
})
