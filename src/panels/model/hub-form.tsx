// A model of a hub: its name, then its files with their sizes, before anything large is fetched.

import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubListing } from '#protocol/hub-api'
import type { WireError } from '#protocol/messages'
import type { ModelRef } from '#share/model-ref'
import { parseHubName } from '#state/model/hub-name'
import { hubAddress } from '#state/model/shelf'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { HubFiles } from './hub-files.tsx'

type Look =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly listing: HubListing }
  | { readonly kind: 'failed'; readonly error: WireError }

export function HubForm({ onChoose }: { readonly onChoose: (ref: ModelRef) => void }) {
  const { t } = useTranslation()
  const { shelf } = useServices()
  const errorText = useErrorText()
  const hub = useApp((state) => state.shelf.hub)
  const [name, setName] = useState('')
  const [revision, setRevision] = useState('main')
  const [look, setLook] = useState<Look>({ kind: 'idle' })
  const stop = useRef(new AbortController())
  const fail = (kind: string): void => setLook({ kind: 'failed', error: { kind, message: kind, data: { name } } })
  const find = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const parsed = parseHubName(name, hub)
    if (parsed === null) return fail('bad-repo-name')
    const asked = parsed.revision ?? (revision.trim() === '' ? 'main' : revision.trim())
    setName(parsed.repo)
    setRevision(asked)
    stop.current.abort()
    const mine = new AbortController()
    stop.current = mine
    setLook({ kind: 'looking' })
    const found = await shelf.look(parsed.repo, asked, mine.signal)
    if (stop.current !== mine) return
    if (found === null) setLook({ kind: 'idle' })
    else setLook('message' in found ? { kind: 'failed', error: found } : { kind: 'found', listing: found })
  }
  return (
    <>
      <form className="hub-form" onSubmit={(event) => void find(event)}>
        <label className="hub-name">
          <span className="ui-label">{t('picker.repo')}</span>
          <input
            value={name}
            maxLength={300}
            placeholder="owner/name"
            autoCapitalize="off"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="hub-revision">
          <span className="ui-label">{t('picker.revision')}</span>
          <input value={revision} maxLength={200} spellCheck={false} onChange={(event) => setRevision(event.target.value)} />
        </label>
        {look.kind === 'looking' ? (
          <Button onPress={() => stop.current.abort()}>{t('picker.stop')}</Button>
        ) : (
          <button type="submit" className="ui-button ui-button-plain">
            {t('picker.find')}
          </button>
        )}
      </form>
      <p className="note">{t('picker.hubNote', { host: hub })}</p>
      <div role="status">
        {look.kind === 'looking' && <p className="note">{t('picker.looking')}</p>}
        {look.kind === 'failed' && <p className="note note-error">{errorText(look.error)}</p>}
      </div>
      {look.kind === 'found' && <HubFiles listing={look.listing} onChoose={onChoose} />}
      <HubAddress address={hub} />
    </>
  )
}

/** Where the hub is: a mirror, or a server of the school. */
function HubAddress({ address }: { readonly address: string }) {
  const { t } = useTranslation()
  const { shelf } = useServices()
  const [typed, setTyped] = useState(address)
  const valid = hubAddress(typed)
  return (
    <details className="hub-address">
      <summary>{t('picker.address')}</summary>
      <form
        className="hub-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid !== null) shelf.setHub(valid)
        }}
      >
        <label className="hub-name">
          <span className="ui-label">{t('picker.addressLabel')}</span>
          <input
            type="url"
            value={typed}
            maxLength={300}
            aria-invalid={valid === null}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" className="ui-button ui-button-plain" disabled={valid === null || valid === address}>
          {t('picker.useAddress')}
        </button>
      </form>
      <p className="note">{t(valid === null ? 'picker.addressBad' : 'picker.addressNote')}</p>
    </details>
  )
}
