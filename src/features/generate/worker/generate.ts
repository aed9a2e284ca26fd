// How a text goes on, token by token: behind it, or in its masks.

import type { Feature } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import { turnsOf } from '#engine/passes/target-view'
import { editContext } from '#engine/text/edit-context'
import { uniformAt } from '#methods/generation/sampling'
import type { CacheRefusal, ModelCard } from '#protocol/model-api'
import { elementAt } from '#tensor/vector'
import { applyEdits, type TokenEdit } from '#text/edit'
import { TextError } from '#text/text-error'
import type { TokenRow } from '#text/token'
import type { Branch, CacheUse, Choice, GenerateApi, Generated, GenerateRequest, Step, Typed } from '../api.ts'
import { type Branches, createBranches } from './branches.ts'
import { choose, nameOf } from './choice.ts'
import { masksOf, scoresAt, withFilled } from './masks.ts'

/** Tokens of a text on a page. */
const LONGEST = 2048

/** Where the next token goes. */
interface Places {
  readonly cache: CacheUse
  readonly lacking: CacheRefusal | null
  /** The place behind so many added tokens; null where there is none. */
  at(added: number): number | null
  /** [V]: what may stand there. */
  scores(behind: readonly number[], signal: AbortSignal): Promise<Float32Array>
  /** Why no token is added there. */
  ends(behind: readonly number[]): Generated['ended'] | null
}

export const generateHandlers: Feature<GenerateApi> = (engine) => {
  const known = new WeakMap<LoadedModel, Branches>()
  const turn = turnsOf(engine.schedule, 'background')

  const branchesOf = (model: LoadedModel): Branches => {
    const { continuing, cachedContinuing } = model
    if (continuing === null) throw new EngineError('no-such-target', 'The model does not say what comes next.')
    const branches = known.get(model) ?? createBranches(continuing, turn, cachedContinuing)
    known.set(model, branches)
    return branches
  }
  const placesIn = (model: LoadedModel, row: TokenRow): Places => (isMasked(model) ? inMasks(model, row) : behindText(model, row))
  const behindText = (model: LoadedModel, { tokens }: TokenRow): Places => {
    const branches = branchesOf(model)
    const ids = tokens.map(({ id }) => id)
    return {
      get cache() {
        return branches.cache
      },
      get lacking() {
        return branches.lacking
      },
      at: (added) => ids.length + added,
      scores: (behind, signal) => branches.scores([...ids, ...behind], signal),
      ends: (behind) => {
        const last = behind.at(-1)
        if (last !== undefined && model.ends.has(last)) return 'end-token'
        return ids.length + behind.length >= longestOf(model.card) ? 'longest' : null
      },
    }
  }
  const inMasks = (model: LoadedModel, row: TokenRow): Places => {
    const masks = masksOf(row, model)
    return {
      cache: 'masked',
      lacking: null,
      at: (added) => masks[added] ?? null,
      scores: (behind, signal) => scoresAt(model, withFilled(row, masks, behind), elementAt(masks, behind.length), turn, signal),
      ends: () => null,
    }
  }

  return {
    generate: async (request, { signal, progress }) => {
      const { input, rules, seed, count }: GenerateRequest = request
      const { row } = await engine.runOf(input, signal)
      const model = await engine.readyModel()
      const { tokenizer } = model
      const places = placesIn(model, row)
      const behind = [...request.behind]
      const steps: Step[] = []
      const answer = (next: Choice | null, ended: Generated['ended']): Generated => {
        const { cache, lacking } = places
        return { steps, next, ended, cache, lacking }
      }
      for (;;) {
        const place = places.at(behind.length)
        if (place === null) return answer(null, 'filled')
        const begun = performance.now()
        const { choice, own, id } = choose(await places.scores(behind, signal), rules, uniformAt(seed, place), tokenizer)
        const ended = places.ends(behind)
        if (ended === 'end-token') return answer(choice, ended)
        if (steps.length >= count) return answer(choice, 'count')
        if (ended !== null) return answer(choice, ended)
        const rank = own.ids.indexOf(id)
        const step: Step = { token: nameOf(id, tokenizer), probability: elementAt(own.probabilities, rank), rank: rank + 1, choice }
        steps.push(step)
        behind.push(id)
        progress({ step, cache: places.cache, lacking: places.lacking, ms: performance.now() - begun })
      }
    },
    typed: async ({ input, behind }, { signal }) => {
      const { row } = await engine.runOf(input, signal)
      const model = await engine.readyModel()
      return isMasked(model) ? typedInMasks(model, row, { input, behind }) : typedBehind(model, row, { input, behind })
    },
  }
}

/** What the model takes: a text is generated further than the page can explain, whose attention of all heads is held. */
function longestOf({ statedTokens, maxTokens }: ModelCard): number {
  return Math.max(maxTokens, Math.min(statedTokens ?? maxTokens, LONGEST))
}

function isMasked({ card }: LoadedModel): boolean {
  return card.task === 'masked-lm'
}

function typedBehind({ tokenizer }: LoadedModel, { tokens }: TokenRow, { input, behind }: Branch): Typed {
  const before = tokens.map(({ id }) => id)
  const wanted = [...before, ...behind]
  const [start, whole] = [tokenizer.decode(before), tokenizer.decode(wanted)]
  const text = input.text + (whole.startsWith(start) ? whole.slice(start.length) : '')
  const row = tokenizer.encode(text)
  return { text, edits: [], mask: null, same: sameIds(row, wanted), tooLong: row.cutAt !== null }
}

/** Each filled mask is an edit that puts a word in its place: a piece that is no word of its own is read as another one. */
function typedInMasks(model: LoadedModel, row: TokenRow, { input, behind }: Branch): Typed {
  const { tokenizer } = model
  const masks = masksOf(row, model)
  const fills = behind.map((id, at): TokenEdit => {
    return { kind: 'replace', at: elementAt(masks, at), word: (tokenizer.labelOf(id) ?? '').trim() }
  })
  const wanted = withFilled(row, masks, behind).tokens.map(({ id }) => id)
  const typed = { text: input.text, edits: [...input.edits, ...fills], mask: masks[behind.length] ?? null, tooLong: false }
  try {
    return { ...typed, same: sameIds(applyEdits(row, fills, editContext(tokenizer)), wanted) }
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    return { ...typed, same: false }
  }
}

function sameIds({ tokens }: TokenRow, ids: readonly number[]): boolean {
  return tokens.length === ids.length && tokens.every(({ id }, at) => id === ids[at])
}
