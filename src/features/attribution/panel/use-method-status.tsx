import { useTranslation } from 'react-i18next'
import { type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import type { Attribution } from '#methods/attribution'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { AttributionState } from '#state/attributions'
import { sumOf } from '#tensor/vector'

/** Methods whose values are products with the embeddings: a norm right behind these makes them vanish. */
const OF_EMBEDDINGS: readonly AttributionMethodId[] = ['signed-saliency', 'input-x-gradient', 'layer-gradients', 'smoothgrad']

/** How a method's answer stands, in a line: no sum before it is finished. @param isZero whether all values are rounding */
export function useMethodStatus(method: AttributionMethodId, state: AttributionState | null, isZero: boolean): string {
  const { t } = useTranslation()
  const passes = usePassesText(method)
  const format = useFormat()
  const answer = state?.answer ?? null
  if (state === null) return t('input.waiting')
  if (state.status === 'running') return answer === null ? t('asked.running') : passes(answer)
  if (state.status !== 'done' || answer === null) {
    return answer === null ? t('attribution.stopped') : t('attribution.stoppedAfter', { passes: passes(answer) })
  }
  if (isZero) return t(OF_EMBEDDINGS.includes(method) ? 'attribution.zeroByNorm' : 'attribution.zero')
  if (!answer.isSigned) return t('attribution.amount')
  const [sum, expected] = [sumOf(answer.values), answer.expectedSum]
  if (expected === null) return t('attribution.sum', { sum: format.weight(sum) })
  const error = format.percent(Math.abs(sum - expected) / Math.max(Math.abs(expected), 1e-9))
  return t('attribution.sumOf', { sum: format.weight(sum), expected: format.weight(expected), error })
}

/** Passes of an answer in words: "186 of about 416 forward passes (39 cached)" while some are still to come. */
export function usePassesText(method: AttributionMethodId): (answer: Pick<Attribution, 'runs' | 'left' | 'known'>) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const kind = METHODS[method].passes
  return ({ runs, left, known }) => {
    const needed = runs + (left ?? 0)
    const counted =
      needed > runs
        ? t(`attribution.passesOf.${kind}`, { done: format.count(runs), needed: format.count(needed), count: needed })
        : t(`attribution.passes.${kind}`, { number: format.count(runs), count: runs })
    return known > 0 ? t('attribution.cached', { passes: counted, known: format.count(known) }) : counted
  }
}
