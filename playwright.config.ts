import { createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import { findBrowser, launchArgs, SOFTWARE_WEBGPU_ARGS } from './tools/find-browser.mjs'

// Playwright reads this file again in every worker: what was found first is handed down through the environment.
process.env.INNERSCOPE_CHROMIUM ??= (await findBrowser()) ?? ''
process.env.INNERSCOPE_E2E_PORT ??= String(await freePort())
const executablePath = process.env.INNERSCOPE_CHROMIUM
const url = `http://127.0.0.1:${process.env.INNERSCOPE_E2E_PORT}/`

const WEBGPU_TESTS = '**/*.webgpu.spec.ts'

export default defineConfig({
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
    { name: 'chromium', testIgnore: WEBGPU_TESTS, use: browser(['--disable-features=WebGPU', '--disable-gpu']) },
    { name: 'webgpu', testMatch: WEBGPU_TESTS, use: browser(SOFTWARE_WEBGPU_ARGS) },
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
