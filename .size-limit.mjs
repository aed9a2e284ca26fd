import { firstView } from './tools/first-view.mjs'

export default [{ name: 'JavaScript before the first view', path: firstView('dist'), limit: '260 kB', gzip: true }]
