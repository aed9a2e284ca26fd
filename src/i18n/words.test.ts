import { createInstance } from 'i18next'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '#catalogue/languages'
import type { SomeMessages } from './messages.ts'
import { createWords, type WordPart, type Words } from './words.ts'

/** A file of words that arrives when the test says so. */
function held(words: object): { readonly file: () => Promise<{ readonly words: object }>; readonly arrive: () => void } {
  let arrive = (): void => undefined
  const arrival = new Promise<{ readonly words: object }>((resolve) => {
    arrive = () => resolve({ words })
  })
  return { file: () => arrival, arrive }
}

const arrived = (words: object) => () => Promise.resolve({ words })

/** Each language's file of a part, by code. */
const partOf =
  (files: Readonly<Record<string, () => Promise<{ readonly words: object }>>>): WordPart =>
  (language) =>
    files[language]

function start(language = 'en'): { readonly words: Words; readonly say: (key: string) => string; readonly shown: () => string } {
  const texts = createInstance()
  void texts.init({
    lng: language,
    fallbackLng: 'en',
    ns: 'page',
    defaultNS: 'page',
    resources: {},
    initAsync: false,
  })
  const rows = { ...LANGUAGES, fr: { name: 'Français', locale: 'fr-FR', dir: 'ltr', complete: false } as const }
  return { words: createWords(texts, rows), say: (key) => String(texts.t(key as never)), shown: () => texts.language }
}

const first = partOf({ en: arrived({ app: { share: 'Share', help: 'Help' } }), zh: arrived({ app: { share: '分享', help: '帮助' } }) })

describe('words', () => {
  it('are fetched in the language that is shown, and in no other', async () => {
    const { words, say } = start()
    const asked: string[] = []
    await words.load((language) => {
      asked.push(language)
      return first(language)
    })
    expect(asked).toEqual(['en'])
    expect(say('app.share')).toBe('Share')
  })

  it('of two parts with a common heading stand side by side', async () => {
    const { words, say } = start()
    await Promise.all([words.load(first), words.load(partOf({ en: arrived({ app: { more: 'More' } }) }))])
    expect([say('app.share'), say('app.more')]).toEqual(['Share', 'More'])
  })

  it('of all that is on the page are there before another language is shown', async () => {
    const { words, say, shown } = start()
    const chinese = held({ panel: '面板' })
    await words.load(first)
    await words.load(partOf({ en: arrived({ panel: 'Panel' }), zh: chinese.file }))
    const change = words.show('zh')
    await Promise.resolve()
    expect([shown(), say('panel'), say('app.share')]).toEqual(['en', 'Panel', 'Share'])
    chinese.arrive()
    await change
    expect([shown(), say('panel'), say('app.share')]).toEqual(['zh', '面板', '分享'])
  })

  it('of a part that is opened while the language changes are there in both', async () => {
    const { words, say, shown } = start()
    const chinese = held({ app: { share: '分享' } })
    await words.load(partOf({ en: arrived({ app: { share: 'Share' } }), zh: chinese.file }))
    const change = words.show('zh')
    await words.load(partOf({ en: arrived({ panel: 'Panel' }), zh: arrived({ panel: '面板' }) }))
    expect([shown(), say('panel')]).toEqual(['en', 'Panel'])
    chinese.arrive()
    await change
    expect([shown(), say('panel')]).toEqual(['zh', '面板'])
  })

  it('that come late do not undo a newer choice', async () => {
    const { words, shown } = start()
    const chinese = held({})
    await words.load(partOf({ en: arrived({}), zh: chinese.file }))
    const change = words.show('zh')
    await words.show('en')
    chinese.arrive()
    await change
    expect(shown()).toBe('en')
  })

  it('that could not be fetched leave the language as it was, and are asked for again', async () => {
    const { words, shown, say } = start()
    let fails = true
    const chinese = (): Promise<{ readonly words: object }> =>
      fails ? Promise.reject(new Error('offline')) : Promise.resolve({ words: { panel: '面板' } })
    await words.load(partOf({ en: arrived({ panel: 'Panel' }), zh: chinese }))
    await expect(words.show('zh')).rejects.toThrow('offline')
    expect(shown()).toBe('en')
    // What is opened now does not wait for the language that could not be had.
    await words.load(partOf({ en: arrived({ table: 'Table' }), zh: () => (fails ? Promise.reject(new Error('offline')) : arrived({})()) }))
    expect(say('table')).toBe('Table')
    fails = false
    await words.show('zh')
    expect([shown(), say('panel')]).toEqual(['zh', '面板'])
  })

  it('of a third language stand in one file, and English fills what it lacks', async () => {
    const { words, say, shown } = start('fr')
    const french: SomeMessages = { app: { share: 'Partager' }, picker: { find: 'Chercher' } }
    await words.load(partOf({ en: arrived({ app: { share: 'Share', help: 'Help' } }), fr: arrived(french) }))
    await words.load(partOf({ en: arrived({ picker: { find: 'Find', stop: 'Stop' } }) }))
    expect(shown()).toBe('fr')
    expect([say('app.share'), say('app.help'), say('picker.find'), say('picker.stop')]).toEqual(['Partager', 'Help', 'Chercher', 'Stop'])
  })
})
