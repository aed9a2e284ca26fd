// KaTeX brings twenty fonts in three forms each. Formulas here are set in few of them, and every browser that runs the page reads WOFF2.
import type { Plugin } from 'vite'

/** Upright and slanted letters, and large brackets; a formula with others is shown in the browser's own font. */
const FACES = [/KaTeX_Main;font-style:normal;font-weight:400/, /KaTeX_Math;font-style:italic;font-weight:400/, /KaTeX_Size[1-4]/]

/** A Vite plugin: of KaTeX's style sheet, the fonts that formulas need, as WOFF2. */
export function katexFonts(): Plugin {
  return {
    name: 'innerscope:katex-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /katex[\\/]dist[\\/]katex\.min\.css/ },
      handler: (code) => code.replace(/@font-face\{[^}]*\}/g, (face) => (FACES.some((wanted) => wanted.test(face)) ? woff2Only(face) : '')),
    },
  }
}

function woff2Only(face: string): string {
  return face.replace(/src:[^;}]*/, (sources) => `src:${/url\([^)]*\.woff2\) format\("woff2"\)/.exec(sources)?.[0] ?? sources.slice(4)}`)
}
