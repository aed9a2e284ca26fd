// npm start. Only checks Node here: the rest is loaded afterwards.
import { withNode } from './require-node.mjs'

withNode(() => import('./start/main.mjs'))
