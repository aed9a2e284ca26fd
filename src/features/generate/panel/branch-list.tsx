// Every branch that was tried: go there, keep it, drop it, or set it beside the one on screen.

import { useTranslation } from 'react-i18next'
import { useApp, useService } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import { currentTree, GENERATE } from '../state/generate.ts'
import { leafBehind, leavesOf, pathTo } from '../state/tree.ts'
import { useComparison } from './use-comparison.ts'

export function BranchList() {
  const { t } = useTranslation()
  const format = useFormat()
  const { refused, compare, openAsB } = useComparison()
  const generate = useService(GENERATE)
  const tree = useApp(currentTree)
  const leaves = leavesOf(tree)
  const places = [...leaves, ...Array.from(tree.marked).flatMap((key) => tree.nodes.get(key) ?? [])]
  if (places.length < 2 && tree.marked.size === 0) return null
  const here = leafBehind(tree, tree.at)
  const shown = Array.from(new Map(places.map((node) => [node.key, node])).values())
  return (
    <section className="branches" aria-label={t('generate.branches')}>
      <h3>{t('generate.branches')}</h3>
      <ul>
        {shown.map(({ key }) => {
          const path = pathTo(tree, key)
          const text = path.map(({ token }) => token.label).join('')
          const logProbability = path.reduce((sum, { probability }) => sum + Math.log(probability), 0)
          const isMarked = tree.marked.has(key)
          return (
            <li key={key}>
              <button type="button" className="branch-go" aria-current={key === here} title={text} onClick={() => generate.goTo(key)}>
                {text.replaceAll('\n', '↵')}
              </button>
              {key !== here && tree.at !== '' && (
                <Button look="quiet" label={t('generate.compareBranch')} onPress={() => void compare(tree.at, key)}>
                  {t('generate.compare')}
                </Button>
              )}
              <span className="note">{t('generate.logProbability', { value: format.signed(logProbability), count: path.length })}</span>
              <Button
                look="quiet"
                icon={isMarked ? 'bookmark-on' : 'bookmark'}
                label={t(isMarked ? 'generate.unmark' : 'generate.mark')}
                onPress={() => generate.mark(key)}
              />
              <Button look="quiet" label={t('generate.openAsB')} onPress={() => void openAsB(key)}>
                B
              </Button>
              <Button look="quiet" icon="close" label={t('generate.prune')} onPress={() => generate.prune(key)} />
            </li>
          )
        })}
      </ul>
      {refused && <p className="note note-warning">{t(`generate.${refused}`)}</p>}
    </section>
  )
}
