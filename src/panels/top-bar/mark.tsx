/** The product's mark: two tokens and the arcs between them. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 28 20" width="28" height="20" aria-hidden="true" focusable="false">
      <path d="M4 15a10 11 0 0 1 20 0" opacity="0.35" />
      <path d="M4 15a5 6 0 0 1 10 0" />
      <path d="M14 15a5 6 0 0 1 10 0" opacity="0.65" />
      <circle cx="4" cy="16" r="2.4" />
      <circle cx="14" cy="16" r="2.4" />
      <circle cx="24" cy="16" r="2.4" />
    </svg>
  )
}
