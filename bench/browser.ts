// The browser that everything is measured in.

import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { ensureBrowser, launchArgs, withoutFeatures } from '../tools/find-browser.ts'

export interface Bench {
  readonly browser: Browser
  /** Path of the browser, for peers that start their own. */
  readonly executable: string
}

/** Starts a headless Chromium without WebGPU: everything runs on WASM. */
export async function startBrowser(): Promise<Bench> {
  const executable = await ensureBrowser()
  return { browser: await chromium.launch({ executablePath: executable, args: argsOf() }), executable }
}

/** The same browser started anew with what it keeps in a folder: on the disk, as a reader's browser keeps it. */
export function visit(executable: string, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: argsOf(),
    viewport: { width: 1280, height: 900 },
  })
}

function argsOf(): string[] {
  return [...launchArgs(), withoutFeatures('WebGPU'), '--disable-dev-shm-usage']
}
