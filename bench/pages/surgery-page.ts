// The page that starts a fresh worker for every operation.

import { modelFolder } from './places.ts'
import type { Operation } from './surgery-worker.ts'

declare global {
  interface Window {
    /** One operation on an embedded model. */
    operate(id: string): Promise<Operation>
  }
}

window.operate = async (id) => {
  const worker = new Worker(new URL('./surgery-worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<Operation>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Operation | string>) =>
        typeof data === 'string' ? reject(new Error(data)) : resolve(data),
      )
      worker.addEventListener('error', ({ message }) => reject(new Error(message)))
      worker.postMessage(modelFolder(id).href)
    })
  } finally {
    worker.terminate()
  }
}
