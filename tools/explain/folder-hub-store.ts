// Hub files in a folder of this machine, in place of a browser's cache.

import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HubEntry, HubStore } from '#engine/hub/hub-store'

export function folderHubStore(folder: string): HubStore {
  const pathOf = ({ address, repo, name }: HubEntry): string =>
    join(folder, partOf(address), ...repo.split('/').map(partOf), ...name.split('/').map(partOf))
  return {
    read: async (entry) => {
      const path = pathOf(entry)
      const info = await stat(path).catch(() => null)
      if (!info?.isFile()) return null
      return { size: info.size, arrayBuffer: async () => new Uint8Array(await readFile(path)).buffer }
    },
    write: async (entry, bytes) => {
      const path = pathOf(entry)
      const unfinished = `${path}.${process.pid}.part`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(unfinished, bytes)
        await rename(unfinished, path)
        return null
      } catch (error) {
        return error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? 'full' : 'unavailable'
      }
    },
  }
}

/** A part of a path that leads nowhere else: names hold what a server said of its files. */
function partOf(text: string): string {
  return encodeURIComponent(text).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length))
}
