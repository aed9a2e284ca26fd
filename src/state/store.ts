// The store: the whole state, and the few ways to change it that panels may use.

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { OwnFile } from '#protocol/model-api'
import { DEFAULT_HUB, type ModelRef } from '#share/model-ref'
import { INITIAL_SETTINGS, MAX_EDITS, type Settings, writeLink } from '#share/settings'
import type { TokenEdit } from '#text/edit'
import type { AppState, HistoryEntry, Hover, ModelState, Notice, NoticeKind } from './app-state.ts'
import { moveTo, record, repairHistory, sameA, startHistory } from './history.ts'
import { withChosen } from './model/chosen-files.ts'
import { inputA } from './reference.ts'

export type AppStore = StoreApi<AppState>

export function createAppStore(settings: Settings = INITIAL_SETTINGS): AppStore {
  return createStore<AppState>(() => ({
    settings,
    hover: NO_HOVER,
    model: { ref: settings.model, status: 'loading', progress: null, generation: 0, snapshot: 'pending' },
    modelB: null,
    opening: null,
    shelf: { hub: DEFAULT_HUB, recent: [] },
    a: { input: inputA(settings), status: 'running', error: null, answer: null, thumbnails: [] },
    reference: null,
    difference: null,
    history: startHistory(entryOf(settings)),
    notices: [],
    chosenFiles: [],
    answers: {},
  }))
}

const NO_HOVER: Hover = { token: null, key: null, head: null }

export interface Actions {
  /** Changes settings that are not inputs: views, choices, preferences. */
  set(change: Partial<Settings>): void
  hover(change: Partial<Hover>): void
  /** Typing: the text changes at once; `commit` puts it into the history. Edits of the old tokens go. */
  type(side: 'a' | 'b', text: string): void
  /** Puts the present inputs into the history. */
  commit(): void
  /** One step of the history, of as many edits as it takes. */
  edit(side: 'a' | 'b', ...edits: readonly TokenEdit[]): void
  clearEdits(side: 'a' | 'b'): void
  /**
   * Another model, or a second one. Edits are of the old model's tokens: they go, and undo brings them back.
   * @param running the model where it runs already, so that it is there as soon as it is chosen
   */
  chooseModel(slot: 'model' | 'modelB', ref: ModelRef | null, running?: ModelState): void
  /** Takes back the edits of a side from number `first` on, which the engine refused, and says why. */
  withdrawEdits(side: 'a' | 'b', first: number, reason: string): void
  /** Opens an example, another pair of inputs, or all that a link holds. */
  open(settings: Partial<Settings>): void
  undo(): void
  redo(): void
  goTo(entry: number): void
  /** The address that restores the present settings. */
  link(): string
  /** Files that a model may be opened from; they complete those that were chosen before, or take their place. */
  chooseFiles(files: readonly OwnFile[]): void
  removeFiles(paths: readonly string[]): void
  notify(kind: NoticeKind, data?: Notice['data']): void
  dismiss(id: number): void
}

/** @param pageAddress the page without its fragment, which links start with */
export function createActions(store: AppStore, pageAddress = ''): Actions {
  let noticeId = 0
  const setSettings = (change: Partial<Settings>): void => store.setState(({ settings }) => ({ settings: { ...settings, ...change } }))
  const commit = (): void => store.setState(({ settings, history }) => ({ history: record(history, entryOf(settings)) }))
  const setInputs = (change: Partial<Settings>): void => {
    commit()
    setSettings({ token: null, key: null, ...change })
    commit()
  }
  const notify = (kind: NoticeKind, data: Notice['data'] = {}): void =>
    store.setState(({ notices }) => ({ notices: [...notices.filter((notice) => notice.kind !== kind), { id: noticeId++, kind, data }] }))
  const goTo = (at: number): void => {
    const entry = store.getState().history.entries[at]
    if (!entry) return
    // What was typed and not yet recorded goes in first; that may shift the entry, or cut it off.
    commit()
    const { history } = store.getState()
    const place = history.entries.indexOf(entry)
    if (place < 0) return
    store.setState({ history: moveTo(history, place) })
    const { settings } = store.getState()
    // A token of a text that stays is still chosen.
    const kept = settings.token?.side === 'a' && sameA(entry, settings) ? { key: null } : { token: null, key: null }
    setSettings({ ...entry, ...kept })
  }

  return {
    set: setSettings,
    hover: (change) => store.setState(({ hover }) => ({ hover: { ...hover, ...change } })),
    commit,
    type: (side, text) => {
      const kept = { token: null, key: null }
      setSettings(side === 'a' ? { textA: text, editsA: [], ...kept } : { textB: text, editsB: [], ...kept })
    },
    edit: (side, ...edits) => {
      const { settings } = store.getState()
      if ((side === 'a' ? settings.editsA : settings.editsB).length + edits.length > MAX_EDITS)
        return notify('edit-refused', { reason: 'too-many' })
      const alone = settings.textB === null && settings.pane === 'a'
      if (side === 'a') setInputs({ editsA: [...settings.editsA, ...edits], ...(alone ? { pane: 'difference' as const } : {}) })
      else setInputs({ editsB: [...settings.editsB, ...edits] })
    },
    withdrawEdits: (side, first, reason) => {
      const { settings, history } = store.getState()
      const [text, edits] = side === 'a' ? (['textA', 'editsA'] as const) : (['textB', 'editsB'] as const)
      const refused = JSON.stringify(settings[edits].slice(0, first + 1))
      const possible = <Inputs extends HistoryEntry>(inputs: Inputs): Inputs =>
        inputs[text] === settings[text] && JSON.stringify(inputs[edits].slice(0, first + 1)) === refused
          ? { ...inputs, [edits]: inputs[edits].slice(0, first) }
          : inputs
      store.setState({ settings: { ...possible(settings), token: null, key: null }, history: repairHistory(history, possible) })
      notify('edit-refused', { reason })
    },
    chooseModel: (slot, ref, running) => {
      const choose = (change: Partial<Settings>): void =>
        store.setState(({ settings }) => ({ settings: { ...settings, ...change }, ...(running ? { [slot]: running } : {}) }))
      if (slot === 'modelB') return choose({ modelB: ref, against: 'auto', ...(ref === null ? { pane: 'a' as const } : {}) })
      if (ref === null) return
      const { settings } = store.getState()
      const edited = settings.editsA.length + settings.editsB.length > 0
      if (edited) setInputs({ editsA: [], editsB: [] })
      if (edited) notify('edits-dropped')
      choose({ model: ref, token: null, key: null, heads: INITIAL_SETTINGS.heads, chat: 'off', target: null, foil: null })
    },
    clearEdits: (side) => setInputs(side === 'a' ? { editsA: [] } : { editsB: [] }),
    open: setInputs,
    undo: () => {
      commit()
      goTo(store.getState().history.at - 1)
    },
    redo: () => goTo(store.getState().history.at + 1),
    goTo,
    link: () => `${pageAddress}#${writeLink(store.getState().settings)}`,
    chooseFiles: (files) => store.setState(({ chosenFiles }) => ({ chosenFiles: withChosen(chosenFiles, files) })),
    removeFiles: (paths) => store.setState(({ chosenFiles }) => ({ chosenFiles: chosenFiles.filter(({ path }) => !paths.includes(path)) })),
    notify,
    dismiss: (id) => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  }
}

export function entryOf({ textA, editsA, textB, editsB, against }: HistoryEntry): HistoryEntry {
  return { textA, editsA, textB, editsB, against }
}
