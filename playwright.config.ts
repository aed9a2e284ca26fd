import { createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import type { EngineOptions } from './e2e/engines/innerscope.ts'
import { findBrowser, launchArgs, SOFTWARE_WEBGPU_ARGS, withoutFeatures } from './tools/find-browser.ts'
import { ENGINES, findEngine } from './tools/find-engines.ts'

// Playwright reads this file again in every worker: what was found first is handed down through the environment.
process.env.INNERSCOPE_CHROMIUM ??= (await findBrowser()) ?? ''
for (const engine of ENGINES) process.env[engine.variable] ??= findEngine(engine) ?? ''
process.env.INNERSCOPE_E2E_PORT ??= String(await freePort())
const executablePath = process.env.INNERSCOPE_CHROMIUM
const url = `http://127.0.0.1:${process.env.INNERSCOPE_E2E_PORT}/`

const WEBGPU_TESTS = '**/*.webgpu.spec.ts'
/** For engines that Playwright does not drive here: each has its own driver (e2e/engines). */
const ENGINE_TESTS = '**/engines/*.spec.ts'

export default defineConfig<object, EngineOptions>({
  testDir: 'e2e',
  outputDir: '.cache/e2e-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A browser, a server and a model share two busy cores: what fails once may be the machine. What fails twice is not.
  retries: 1,
  // Waiting costs nothing where nothing is late: limits are far above what a journey takes when it has a core for itself.
  timeout: 180_000,
  expect: { timeout: 40_000 },
  reporter: 'list',
  use: { baseURL: url, trace: 'off' },
  webServer: {
    command: 'node tools/run-ts.mjs tools/e2e-server.ts',
    url,
    reuseExistingServer: false,
    timeout: 180_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
  projects: [
    // First: each is one long journey, beside which the second worker has others to do.
    ...(process.env.INNERSCOPE_FIREFOX ? [{ name: 'firefox', testMatch: ENGINE_TESTS, use: { engine: 'firefox' as const } }] : []),
    ...(process.env.INNERSCOPE_WEBKIT ? [{ name: 'webkit', testMatch: ENGINE_TESTS, use: { engine: 'webkit' as const } }] : []),
    { name: 'webgpu', testMatch: WEBGPU_TESTS, use: browser(SOFTWARE_WEBGPU_ARGS) },
    { name: 'chromium', testIgnore: [WEBGPU_TESTS, ENGINE_TESTS], use: browser([withoutFeatures('WebGPU'), '--disable-gpu']) },
  ],
})

function browser(args: readonly string[]) {
  return { launchOptions: { args: [...launchArgs(), ...args], ...(executablePath ? { executablePath } : {}) } }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 4173
      server.close(() => done(port))
    })
  })
}
