import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveLanguage } from './i18n.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as const] : leaves(value, `${path}${key}.`),
  )
}

/** Files of words, without those that a language's `words.ts` is put together from. */
const files = import.meta.glob<{ readonly words: Tree }>(['./*/{words,methods,models-dialog}.ts', '../features/*/words/*.ts'], {
  eager: true,
})

function wordsIn(language: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(files).flatMap(([path, { words }]) =>
      path.startsWith(`./${language}/`) || path.endsWith(`/words/${language}.ts`) ? leaves(words) : [],
    ),
  )
}

const english = wordsIn('en')
const chinese = wordsIn('zh')

describe('the texts of the page', () => {
  it('have the same keys in both languages, each in one file', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
    const all = Object.entries(files).flatMap(([path, { words }]) => (/[/]en(?:[/]|[.])/.test(path) ? leaves(words) : []))
    expect(all).toHaveLength(english.size)
    expect(english.size).toBeGreaterThan(500)
  })

  it('take the same values in both languages', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()
    for (const [key, text] of english) expect([key, values(chinese.get(key) ?? '')]).toEqual([key, values(text)])
  })

  it('use Chinese punctuation between Chinese characters', () => {
    const half = [...chinese].filter(([, text]) => /\p{Script=Han}[,:;?!(]|[,:;?!)]\p{Script=Han}/u.test(text))
    expect(half).toEqual([])
  })

  it('are all used: a key stands in the code, whole or as the start of one that is put together', () => {
    const code = sources('src')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const unused = [...english.keys()].filter((key) => {
      const plain = key.replace(/_(one|other)$/, '')
      if (code.includes(`'${plain}'`) || code.includes(`.${plain}'`)) return false
      const stem = plain.slice(0, plain.lastIndexOf('.') + 1)
      return !code.includes(`\`${stem}$`) && !code.includes(`\`${stem.slice(0, stem.lastIndexOf('.', stem.length - 2) + 1)}$`)
    })
    expect(unused).toEqual([])
  })
})

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('i18n') && !/[/]words[/]/.test(path))
    .map((path) => join(folder, path))
}

describe('the language of the page', () => {
  it.each([
    ['zh', ['en-US'], 'zh'],
    ['auto', ['zh-CN', 'en'], 'zh'],
    ['auto', ['fr', 'zh-TW', 'en'], 'zh'],
    ['auto', ['de', 'en-GB', 'zh'], 'en'],
    ['auto', ['fr'], 'en'],
    ['auto', [], 'en'],
  ] as const)('chosen %s in a browser of %j is %s', (chosen, browser, language) => {
    expect(resolveLanguage(chosen, browser)).toBe(language)
  })
})
