// A formula, set by KaTeX: loaded with the first head that is opened, with its style sheet and the fonts that formulas here need.

import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useLayoutEffect, useRef } from 'react'
import type { HeadPart } from './path-matrix.tsx'

interface PathFormulaProps {
  readonly tex: string
  readonly onPart: (part: HeadPart | null) => void
}

const PARTS: ReadonlySet<string> = new Set<HeadPart>(['query', 'key', 'scores', 'weights', 'value', 'output'])

/** Screen readers get the MathML beside the picture of it. */
export function PathFormula({ tex, onPart }: PathFormulaProps) {
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (element.current === null) return
    katex.render(tex, element.current, {
      displayMode: true,
      output: 'htmlAndMathml',
      throwOnError: false,
      // Of all that TeX could bring into a page, names for its parts alone.
      trust: ({ command }) => command === '\\htmlData',
      strict: false,
    })
  }, [tex])
  const partAt = (target: EventTarget): HeadPart | null => {
    const name = target instanceof Element ? target.closest('[data-part]')?.getAttribute('data-part') : null
    return isPart(name) ? name : null
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is to be had by the buttons below
    // biome-ignore lint/a11y/useKeyWithMouseEvents: as above
    <div ref={element} className="path-formula" onMouseOver={({ target }) => onPart(partAt(target))} onMouseLeave={() => onPart(null)} />
  )
}

function isPart(name: string | null | undefined): name is HeadPart {
  return name != null && PARTS.has(name)
}
