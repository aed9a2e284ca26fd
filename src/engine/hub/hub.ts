// The hub worker's side of the protocol.

import type { HubApi } from '#protocol/hub-api'
import type { Handlers } from '#protocol/serve'
import { downloadFiles } from './download-files.ts'
import { checkRepo, normalAddress } from './hub-address.ts'
import type { HubEnvironment } from './hub-environment.ts'
import type { HubShelf } from './hub-store.ts'
import { listRepo } from './list-repo.ts'

export function createHub(environment: HubEnvironment & { readonly store: HubShelf }): Handlers<HubApi> {
  const { store } = environment
  return {
    list: (request, { signal }) => listRepo(request, environment, signal),
    download: (request, { signal, progress }) => downloadFiles(request, environment, signal, progress),
    forget: async ({ address, repo }) => {
      checkRepo(repo)
      await store.forget({ address: normalAddress(address), repo })
      return null
    },
    stored: () => store.stored(),
  }
}
