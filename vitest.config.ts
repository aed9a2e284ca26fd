import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { findBrowser, launchArgs, SOFTWARE_WEBGPU_ARGS } from './tools/find-browser.ts'
import { ortRuntime } from './tools/vite/ort-runtime.ts'

const BROWSER_TESTS = 'src/**/*.browser.test.{ts,tsx}'
const WEBGPU_TESTS = 'src/**/*.webgpu.test.ts'
const FULL_TESTS = '{src,tools}/**/*.full.test.{ts,tsx}'
const FULL_WEBGPU_TESTS = 'src/**/*.webgpu.full.test.ts'

/** What is awaited comes, on a busy machine later. */
const PATIENT = { poll: { timeout: 20_000 } }

export default defineConfig(async () => {
  const executablePath = await findBrowser()
  return {
    test: {
      // By itself it leaves one core alone, which of two is half.
      maxWorkers: 2,
      projects: [
        {
          test: {
            name: 'unit',
            environment: 'node',
            // Models are started in them, and a busy machine takes its time.
            testTimeout: 60_000,
            hookTimeout: 60_000,
            expect: PATIENT,
            // Loading the modules and compiling the runtime anew for each file takes longer than most tests.
            isolate: false,
            // One file's stand-ins must not meet the next.
            restoreMocks: true,
            unstubEnvs: true,
            include: ['{src,workers}/**/*.test.{ts,tsx}', 'tools/**/*.test.ts', 'bench/*.test.ts'],
            exclude: [BROWSER_TESTS, WEBGPU_TESTS, FULL_TESTS, 'tools/planted/**'],
          },
        },
        {
          test: {
            name: 'full',
            environment: 'node',
            include: [FULL_TESTS],
            exclude: [FULL_WEBGPU_TESTS],
            testTimeout: 600_000,
            hookTimeout: 120_000,
          },
        },
        browserProject('browser', BROWSER_TESTS, executablePath, []),
        browserProject('webgpu', WEBGPU_TESTS, executablePath, SOFTWARE_WEBGPU_ARGS),
        browserProject('full-webgpu', FULL_WEBGPU_TESTS, executablePath, SOFTWARE_WEBGPU_ARGS),
      ],
    },
  }
})

/** Tests that run in a page of a real browser. */
function browserProject(name: string, include: string, executablePath: string | undefined, args: readonly string[]) {
  return {
    plugins: [ortRuntime(), react()],
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    worker: { format: 'es' as const },
    optimizeDeps: {
      // Found late, a dependency makes Vite reload the page in the middle of a test.
      include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'react-aria-components', 'd3', 'zustand', 'vitest-browser-react'],
      exclude: ['onnxruntime-web'],
    },
    test: {
      name,
      include: [include],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      expect: PATIENT,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { args: [...launchArgs(), ...args], ...(executablePath ? { executablePath } : {}) } }),
        instances: [{ browser: 'chromium' as const }],
      },
    },
  }
}
