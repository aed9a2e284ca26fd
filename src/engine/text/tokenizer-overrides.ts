// What tokenizer_config.json changes of tokenizer.json, as AutoTokenizer of transformers 5 does.

import * as v from 'valibot'

const flag = v.fallback(v.optional(v.boolean()), undefined)
const text = v.fallback(v.nullish(v.union([v.string(), v.looseObject({ content: v.string() })])), undefined)
const addedToken = v.looseObject({
  content: v.string(),
  single_word: v.optional(v.boolean(), false),
  lstrip: v.optional(v.boolean(), false),
  rstrip: v.optional(v.boolean(), false),
  normalized: v.optional(v.boolean()),
  special: v.optional(v.boolean(), false),
})
type AddedToken = v.InferOutput<typeof addedToken>

/** Tokens with a part of their own, in the order in which they are added. */
const ROLES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const
const configSchema = v.object({
  do_lower_case: flag,
  strip_accents: v.fallback(v.nullish(v.boolean()), undefined),
  tokenize_chinese_chars: flag,
  added_tokens_decoder: v.fallback(v.optional(v.record(v.string(), addedToken), {}), {}),
  ...v.entriesFromList(ROLES, text),
})
type Config = v.InferOutput<typeof configSchema>

const fileSchema = v.looseObject({
  normalizer: v.optional(v.unknown()),
  added_tokens: v.fallback(v.nullish(v.array(addedToken), []), []),
})

/** A copy of `tokenizerJson` with what `tokenizerConfig` names otherwise; the file itself where there is nothing. */
export function withOverrides(tokenizerJson: object, tokenizerConfig: object): object {
  const [file, config] = [v.safeParse(fileSchema, tokenizerJson), v.safeParse(configSchema, tokenizerConfig)]
  if (!file.success || !config.success) return tokenizerJson
  const known = new Map((file.output.added_tokens ?? []).map((token) => [token.content, token]))
  const named = Object.entries(config.output.added_tokens_decoder)
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([, token]) => token)
  const changed = named.filter((token) => !sameToken(known.get(token.content), token))
  const contents = new Set([...known.keys(), ...named.map(({ content }) => content)])
  const missing = ROLES.flatMap((role): AddedToken[] => {
    const content = contentOf(config.output[role])
    if (content === null || contents.has(content)) return []
    contents.add(content)
    return [{ content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }]
  })
  const replaced = new Map(changed.map((token) => [token.content, token]))
  const kept = (file.output.added_tokens ?? []).map((token) => ({ ...token, ...replaced.get(token.content) }))
  const added = [...changed.filter(({ content }) => !known.has(content)), ...missing]
  return {
    ...tokenizerJson,
    ...(file.output.normalizer === undefined ? {} : { normalizer: normaliserWith(file.output.normalizer, config.output) }),
    added_tokens: [...kept, ...added.map((token) => ({ id: 0, ...token, normalized: token.normalized ?? !token.special }))],
  }
}

/** BERT's normaliser has the switches that tokenizer_config.json names; other normalisers have none of these. */
function normaliserWith(normaliser: unknown, config: Config): unknown {
  if (typeof normaliser !== 'object' || normaliser === null || !('type' in normaliser)) return normaliser
  if (normaliser.type === 'Sequence' && 'normalizers' in normaliser && Array.isArray(normaliser.normalizers)) {
    return { ...normaliser, normalizers: normaliser.normalizers.map((one) => normaliserWith(one, config)) }
  }
  if (normaliser.type !== 'BertNormalizer') return normaliser
  return {
    ...normaliser,
    ...(config.do_lower_case === undefined ? {} : { lowercase: config.do_lower_case }),
    ...(config.strip_accents === undefined ? {} : { strip_accents: config.strip_accents }),
    ...(config.tokenize_chinese_chars === undefined ? {} : { handle_chinese_chars: config.tokenize_chinese_chars }),
  }
}

function sameToken(one: AddedToken | undefined, other: AddedToken): boolean {
  if (one === undefined) return false
  const flags = ['single_word', 'lstrip', 'rstrip', 'special'] as const
  return flags.every((name) => one[name] === other[name]) && (one.normalized ?? true) === (other.normalized ?? !other.special)
}

function contentOf(token: string | { readonly content: string } | null | undefined): string | null {
  return (typeof token === 'string' ? token : token?.content) ?? null
}
