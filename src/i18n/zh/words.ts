// Chinese words that the first view needs.

import { errors } from './errors.ts'
import { model } from './model.ts'
import { page } from './page.ts'
import { target } from './target.ts'

export const words = { ...page, ...model, ...target, ...errors }
