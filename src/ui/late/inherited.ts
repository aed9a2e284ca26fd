/** What the button that stood for a widget had come to. */
export interface Inherited {
  readonly isOpen: boolean
  readonly isFocused: boolean
}
