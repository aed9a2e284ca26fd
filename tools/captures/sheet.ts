/** A page that shows all pictures beside each other, each with its name. @param paths relative to the page, of letters, digits and `/.-` */
export function sheetOf(paths: readonly string[]): string {
  const figures = paths.map(
    (path) => `<figure><a href="${path}"><img src="${path}" loading="lazy" alt=""></a><figcaption>${path}</figcaption></figure>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>Captures</title>
<style>body{font:12px sans-serif;display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:12px}figure{margin:0}img{width:100%}</style>
${figures.join('\n')}
`
}
