// The development page: all examples below each other, in light or dark. `?only=text` shows those whose name contains it.

import './palette.css'
import './views.css'
import { select } from 'd3'
import { examples } from './gallery.ts'

const only = new URLSearchParams(location.search).get('only') ?? ''
const shown = examples.filter((example) => example.name.includes(only))

select('#theme').on('click', () => {
  const root = document.documentElement
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark'
})

select('main')
  .selectAll('section')
  .data(shown)
  .join((enter) => {
    const section = enter.append('section')
    section.append('h2').text((example) => example.name)
    section.append('div').attr('class', 'example')
    return section
  })
  .select<HTMLDivElement>('.example')
  .each(function (example) {
    const start = performance.now()
    example.render(this)
    select(this.parentElement)
      .select('h2')
      .attr('title', `${(performance.now() - start).toFixed(1)} ms`)
  })
