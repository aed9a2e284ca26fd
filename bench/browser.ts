// The browser that everything is measured in.

import { type Browser, chromium } from '@playwright/test'
import { ensureBrowser, launchArgs } from '../tools/find-browser.mjs'

export interface Bench {
  readonly browser: Browser
  /** Path of the browser, for peers that start their own. */
  readonly executable: string
}

/** Starts a headless Chromium without WebGPU: everything runs on WASM. */
export async function startBrowser(): Promise<Bench> {
  const executable = await ensureBrowser()
  const args = [...launchArgs(), '--disable-features=WebGPU', '--disable-dev-shm-usage']
  return { browser: await chromium.launch({ executablePath: executable, args }), executable }
}
