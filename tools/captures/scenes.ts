// What is photographed of the page: a link to each view, and what is opened on it.
import { words as english } from '#i18n/en/words'
import { words as chinese } from '#i18n/zh/words'
import type { Target } from '../../e2e/engines/engine-page.ts'

export const WORDS = { en: english, zh: chinese } as const
export type CaptureLanguage = keyof typeof WORDS

export interface Scene {
  readonly name: string
  /** The part of the address after `#`, without theme and language. */
  readonly link: string
  /** What is clicked before the picture: a dialog, or a menu. */
  readonly opens?: (language: CaptureLanguage) => Target
}

const button =
  (name: (words: (typeof WORDS)[CaptureLanguage]) => string) =>
  (language: CaptureLanguage): Target => ({ css: 'button', name: name(WORDS[language]) })

const LONG =
  'I went to see this film with low hopes, since the trailer was loud and the story sounded thin, but the first scene is quiet and ' +
  'patient, the two leads are warm and funny together, and although the middle drags and a subplot about a lost dog goes nowhere, the ' +
  'ending is honest, unexpected, and so well acted that I left the cinema smiling and told everyone at work to go.'

const textOf = (text: string): string => `a=${encodeURIComponent(text)}`

/** The views of the page's own example, and what else has a look of its own. */
export const SCENES: readonly Scene[] = [
  { name: 'attention', link: '' },
  { name: 'attribution', link: 'v=attribution' },
  { name: 'what-if', link: 'v=what-if' },
  { name: 'deleted', link: 'ea=d4&p=difference' },
  { name: 'two-sentences', link: `b=${encodeURIComponent('~The film is bad at all.')}&p=all` },
  { name: 'language-model', link: `m=smollm2-135m-instruct&${textOf('The capital of France is')}` },
  { name: 'inside', link: `m=smollm2-135m-instruct&v=inside&${textOf('The capital of France is')}` },
  { name: 'intervene', link: 'v=intervene&ig=2.8' },
  { name: 'patch', link: `v=intervene&iv=patch&b=${encodeURIComponent('~The film was not good at all.')}` },
  { name: 'flow', link: 'c=flow' },
  { name: 'arcs', link: 'c=arcs' },
  { name: 'one-token', link: 'c=token&t=a5' },
  { name: 'every-head', link: 'h=1.1_2.4_3.2_4.7_5.5_6.12' },
  { name: 'methods', link: 'v=attribution&am=integrated-gradients_relevance_leave-one-out_lime' },
  { name: 'ranked', link: 'v=attribution&am=leave-one-out_saliency&ac=ranked' },
  { name: 'waterfall', link: 'v=attribution&am=leave-one-out&ac=waterfall' },
  { name: 'force', link: 'v=attribution&am=leave-one-out&ac=force' },
  { name: 'samples', link: 'v=attribution&am=lime&ac=samples' },
  { name: 'layers', link: 'v=attribution&am=layer-gradients' },
  { name: 'counterfactuals', link: 'v=what-if&wi=counterfactuals' },
  { name: 'pairs', link: 'v=what-if&wi=interactions&pr=on' },
  { name: 'long', link: textOf(LONG) },
  { name: 'right-to-left', link: textOf('هذا الفيلم ليس سيئًا على الإطلاق.') },
  { name: 'presentation', link: 'sz=presentation' },
  { name: 'models', link: '', opens: (language) => ({ css: 'header button', name: new RegExp(WORDS[language].model.ready) }) },
  { name: 'about', link: '', opens: button(({ app }) => app.help) },
  { name: 'export', link: '', opens: button(({ app }) => app.export) },
  { name: 'examples', link: '', opens: button(({ input }) => input.examples) },
]

/** Of engines whose pages draw the same but for what is their own. */
export const FEW = ['attention', 'attribution', 'what-if', 'two-sentences', 'flow', 'arcs', 'waterfall', 'samples', 'models', 'export']
