import { loadTs } from './tools/load-ts.mjs'

/** @type {typeof import('./tools/first-view.ts')} */
const { firstView } = await loadTs('tools/first-view.ts')

export default [{ name: 'JavaScript before the first view', path: firstView('dist'), limit: '260 kB', gzip: true }]
