import { describe, expect, it } from 'vitest'
import { importsOfEntries } from './entry-chunks.ts'

describe('importsOfEntries', () => {
  const entry = { type: 'chunk', isEntry: true, imports: ['engine.js'], dynamicImports: ['model.js'] }

  it('accepts chunks that share code through a chunk that is no entry', () => {
    const bundle = {
      'engine.worker.js': entry,
      'engine.js': { type: 'chunk', imports: [], dynamicImports: ['model.js'] },
      'model.js': { type: 'chunk', imports: ['engine.js'] },
      'index.css': { type: 'asset' },
    }
    expect(importsOfEntries(bundle)).toEqual([])
  })

  it('names the chunk that imports an entry, statically or not', () => {
    const bundle = {
      'engine.worker.js': entry,
      'model.js': { type: 'chunk', imports: ['engine.worker.js'] },
      'late.js': { type: 'chunk', dynamicImports: ['engine.worker.js'] },
    }
    expect(importsOfEntries(bundle)).toEqual([
      'model.js imports the entry chunk engine.worker.js: WebKit would evaluate it twice',
      'late.js imports the entry chunk engine.worker.js: WebKit would evaluate it twice',
    ])
  })
})
