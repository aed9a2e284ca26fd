// Which model a page is about, in a form that fits into a link: one of the page's own, one of a hub, or the reader's own files.

/** The models that the page brings along, in the order in which they are offered. */
export const EMBEDDED = ['minilm-sst2', 'smollm2-135m-instruct'] as const
export type EmbeddedId = (typeof EMBEDDED)[number]

export type ModelRef =
  | { readonly kind: 'embedded'; readonly id: EmbeddedId }
  /** `file` is the path of the graph. The hub's address is the reader's own setting: a link must not send anybody elsewhere. */
  | { readonly kind: 'hub'; readonly repo: string; readonly revision: string; readonly file: string }
  /**
   * Files that only the reader's device has; a link can name them, and the reader must choose them again. Many files are called
   * model.onnx: `digest` tells their content, 16 hexadecimal digits; empty in links that were made before it was known.
   */
  | { readonly kind: 'local'; readonly name: string; readonly file: string; readonly digest: string }

/** Asked where the reader names no other. */
export const DEFAULT_HUB = 'https://huggingface.co'

export const DEFAULT_MODEL: ModelRef = { kind: 'embedded', id: EMBEDDED[0] }

const REPO = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/
const REVISION = /^[\w./-]{1,200}$/
/** A path below a folder, without `.` and `..`. */
const PATH = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[\w.@+ -]{1,200}(?:\/[\w.@+ -]{1,200}){0,8}$/
const NAME = /^[^\n\r\t]{1,200}$/
const DIGEST = /^(?:[0-9a-f]{16})?$/
const SEPARATOR = '|'

/** The reference that a link's text stands for; undefined when it stands for none. */
export function readModelRef(text: string): ModelRef | undefined {
  const id = EMBEDDED.find((known) => known === text)
  if (id) return { kind: 'embedded', id }
  const [kind, name = '', second = '', third = '', ...rest] = text.split(SEPARATOR)
  if (rest.length > 0) return undefined
  if (kind === 'hub' && isRepo(name) && REVISION.test(second) && PATH.test(third))
    return { kind, repo: name, revision: second, file: third }
  if (kind === 'local' && NAME.test(name) && PATH.test(second) && DIGEST.test(third)) return { kind, name, file: second, digest: third }
  return undefined
}

export function writeModelRef(ref: ModelRef): string {
  if (ref.kind === 'embedded') return ref.id
  const parts = ref.kind === 'hub' ? [ref.repo, ref.revision, ref.file] : [ref.name.replaceAll(SEPARATOR, '_'), ref.file, ref.digest]
  return [ref.kind, ...parts.filter((part) => part !== '')].join(SEPARATOR)
}

/** Whether a text names a model of a hub, as `owner/name`. */
export function isRepo(text: string): boolean {
  return REPO.test(text) && !text.includes('..')
}

export function sameModel(one: ModelRef | null, other: ModelRef | null): boolean {
  return one === other || (one !== null && other !== null && writeModelRef(one) === writeModelRef(other))
}

/** Whether files of one name are known to have other content: the numbers of a link about the one need not be those of the other. */
export function differsInContent(one: ModelRef | null, other: ModelRef): boolean {
  if (one?.kind !== 'local' || other.kind !== 'local') return false
  return one.name === other.name && one.digest !== '' && other.digest !== '' && one.digest !== other.digest
}

/** A name for a reader who has not loaded it yet. */
export function nameOfRef(ref: ModelRef): string {
  return ref.kind === 'embedded' ? ref.id : ref.kind === 'hub' ? ref.repo : ref.name
}
