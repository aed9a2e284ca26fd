// Builds the service worker (src/sw.ts) with the list of the page's files and the headers it adds.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { HEADERS_OF_SCRIPTS, ISOLATION_HEADERS, SECURITY_HEADERS } from '../csp.ts'

/** Vite plugins: `sw.js` beside the built page. The page registers it (`navigator.serviceWorker.register('./sw.js')`), in builds only. */
export function offline(): Plugin[] {
  const ort: unknown = JSON.parse(readFileSync(resolve('node_modules/onnxruntime-web/package.json'), 'utf8'))
  const version = typeof ort === 'object' && ort !== null && 'version' in ort ? String(ort.version) : 'unknown'
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src',
    filename: 'sw.ts',
    injectRegister: null,
    manifestFilename: 'innerscope.webmanifest',
    includeManifestIcons: false,
    manifest: {
      name: 'Innerscope',
      short_name: 'Innerscope',
      description: 'See, test and argue about why a transformer answered as it did.',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#ffffff',
      theme_color: '#ffffff',
      icons: [{ src: './icon.svg', sizes: 'any', type: 'image/svg+xml' }],
    },
    injectManifest: {
      rollupFormat: 'iife',
      sourcemap: false,
      // Of the fonts those of every visit; others are kept when used.
      globPatterns: ['**/*.{html,js,css,svg,webmanifest}', 'assets/*-latin-wght-*.woff2', 'snapshots/*.bin'],
      globIgnores: ['ort/**', 'models/**', 'data/**'],
      maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      buildPlugins: {
        vite: [
          {
            name: 'innerscope:service-worker-constants',
            config: () => ({
              define: {
                __PAGE_HEADERS__: JSON.stringify({ ...SECURITY_HEADERS, ...ISOLATION_HEADERS }),
                __HEADERS_OF_SCRIPTS__: JSON.stringify(HEADERS_OF_SCRIPTS.map(({ path, headers }) => ({ path: path.source, headers }))),
                __ORT_VERSION__: JSON.stringify(version),
              },
            }),
          },
        ],
      },
    },
  })
}
