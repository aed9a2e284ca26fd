// Every head of a file of the zoo, recomputed from its own queries, keys and values.

import { inputOf, never } from '#engine/testing/toy-model.fixture'
import { folderPlace } from '../../../../../tools/explain/model-place.ts'
import { openEngine } from '../../../../../tools/explain/open-engine.ts'
import type { HeadDetail, InferencePath } from '../../api.ts'

export const silent = { signal: never, progress: () => undefined }

export interface MeasuredPath {
  readonly path: InferencePath
  readonly heads: readonly HeadDetail[]
}

/** @param folder of a model, in hub layout @param layers whose heads are measured; all unless given */
export async function measurePath(folder: string, file: string, text: string, layers?: readonly number[]): Promise<MeasuredPath> {
  const opened = await openEngine(folderPlace(folder, [file]), file, false)
  try {
    const input = inputOf(text)
    const path = await opened.engine.inferencePath({ input, position: null }, silent)
    const heads: HeadDetail[] = []
    for (const layer of layers ?? path.layers.keys()) {
      for (let head = 0; head < path.heads; head++) heads.push(await opened.engine.headDetail({ input, layer, head }, silent))
    }
    return { path, heads }
  } finally {
    await opened.release()
  }
}
