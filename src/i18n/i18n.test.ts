import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { resolveLanguage } from './i18n.ts'
import { zh } from './zh.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as const] : leaves(value, `${path}${key}.`),
  )
}

const english = new Map(leaves(en))
const chinese = new Map(leaves(zh))

describe('the texts of the page', () => {
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
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('i18n'))
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
