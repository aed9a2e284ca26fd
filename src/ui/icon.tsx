// Icons as paths on a 16 x 16 grid, drawn with the text's colour.

const PATHS = {
  undo: 'M6 3 2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 8H7',
  redo: 'M10 3l3.5 3.5L10 10M13 6.5H7a4 4 0 0 0 0 8h2',
  share: 'M6.5 9.5 9.5 6.5M7 4.5l1-1a3 3 0 0 1 4.3 4.3l-1 1M9 11.5l-1 1a3 3 0 0 1-4.3-4.3l1-1',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  help: 'M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.4M8 11.8v.1M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13',
  info: 'M8 7.2v4M8 4.9v.1M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4',
  close: 'M4 4l8 8M12 4l-8 8',
  swap: 'M5 3 2 6l3 3M2 6h12M11 7l3 3-3 3M14 10H2',
  down: 'M4 6l4 4 4-4',
  chip: 'M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
  plus: 'M8 3v10M3 8h10',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3.2H9.8',
  globe: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4M2 8h12M8 1.8c-4 4-4 8.4 0 12.4M8 1.8c4 4 4 8.4 0 12.4',
  book: 'M2.5 3.5h4A1.5 1.5 0 0 1 8 5v8.5a1.5 1.5 0 0 0-1.5-1h-4zM13.500 3.500h-4A1.5 1.5 0 0 0 8 5v8.500a1.5 1.5 0 0 1 1.500-1h4z',
  lesson: 'M8 3 1.5 6.2 8 9.4l6.5-3.2zM4.5 7.8v3.4c1.8 1.7 5.2 1.7 7 0V7.8M14.5 6.2v4',
  play: 'M5 3l8 5-8 5z',
  bookmark: 'M4.5 2.5h7v11L8 10.800l-3.500 2.700z',
  'bookmark-on': 'M4.5 2.5h7v11L8 10.800l-3.500 2.700zM6 5h4M6 7h4',
} as const

export type IconName = keyof typeof PATHS

/** A decorative icon: its button carries the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="ui-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
