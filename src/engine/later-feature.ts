// A capability whose code comes with its first question: what shows the first view does not wait for it.

import type { ApiTable } from '#protocol/messages'
import type { Handlers } from '#protocol/serve'
import type { EngineServices, Feature } from './engine-services.ts'

/** @param calls the names of all its calls */
export function laterFeature<Api extends ApiTable<Api>>(
  calls: Readonly<Record<keyof Api, true>>,
  load: () => Promise<Feature<Api>>,
): Feature<Api> {
  return (engine: EngineServices) => {
    let coming: Promise<Handlers<Api>> | null = null
    const handlers = (): Promise<Handlers<Api>> => {
      coming ??= load().then((feature) => feature(engine))
      // What did not come, as without a connection, is asked for again.
      coming.catch(() => {
        coming = null
      })
      return coming
    }
    const proxy: { [Name in keyof Api]?: Handlers<Api>[Name] } = {}
    for (const name of namesOf(calls)) {
      const handle: Handlers<Api>[typeof name] = async (args, context) => (await handlers())[name](args, context)
      proxy[name] = handle
    }
    // `calls` names every one.
    return proxy as Handlers<Api>
  }
}

function namesOf<Api>(calls: Readonly<Record<keyof Api, true>>): readonly (keyof Api)[] {
  // A table that was written here has no other keys.
  return Object.keys(calls) as (keyof Api)[]
}
