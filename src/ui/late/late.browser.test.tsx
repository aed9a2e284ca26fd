// What opens on a press, before and after its code is there.
import { describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { MenuButton } from '../menu-button.tsx'
import { SelectBox } from '../select-box.tsx'
import { loadLateWidgets } from './use-late.ts'

const ENTRIES = [
  { id: 'svg', text: 'Drawing' },
  { id: 'csv', text: 'Numbers' },
]
const OPTIONS = [
  { value: 'fit', text: 'to fit' },
  { value: 'readable', text: 'to read' },
] as const

describe('late widgets', () => {
  it('look the same before and after, keep the focus, and open', async () => {
    const onChoose = vi.fn<(id: string) => void>()
    const onChange = vi.fn<(value: 'fit' | 'readable') => void>()
    const screen = await render(
      <>
        <MenuButton label="Export" entries={ENTRIES} text="Export" onChoose={onChoose} />
        <SelectBox label="Size" value="fit" options={OPTIONS} onChange={onChange} />
      </>,
    )
    // Both are there at once, with the names that they keep.
    const menu = screen.getByRole('button', { name: 'Export' })
    const select = screen.getByRole('button', { name: 'to fit Size' })
    const [before, box] = [menu.element(), select.element()]
    const looks = (element: Element): unknown => [element.className, element.textContent, JSON.stringify(element.getBoundingClientRect())]
    const look = [looks(before), looks(box)]
    expect(before.getAttribute('aria-haspopup')).toBe('menu')
    expect(box.getAttribute('aria-haspopup')).toBe('listbox')
    if (before instanceof HTMLElement) before.focus()

    await loadLateWidgets()
    await expect.poll(() => before.isConnected).toBe(false)
    expect([looks(menu.element()), looks(select.element())]).toEqual(look)
    await expect.poll(() => document.activeElement).toBe(menu.element())
    await userEvent.keyboard('{Enter}')
    await screen.getByRole('menuitem', { name: 'Numbers' }).click()
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('csv')
    await select.click()
    await screen.getByRole('option', { name: 'to read' }).click()
    expect(onChange).toHaveBeenCalledExactlyOnceWith('readable')
  })
})
