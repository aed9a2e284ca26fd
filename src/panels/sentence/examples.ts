// Good first sentences. Titles and what to look for are in the languages; the sentences stay as the model reads them.

interface Example {
  readonly id: 'negation' | 'sarcasm' | 'pronouns' | 'contrast' | 'long' | 'chinese'
  readonly a: string
  readonly b: string | null
}

export const EXAMPLES: readonly Example[] = [
  { id: 'negation', a: 'The film is not bad at all.', b: 'The film is bad at all.' },
  { id: 'sarcasm', a: 'Oh great, another three hours of people walking slowly.', b: null },
  { id: 'pronouns', a: 'The actor thanked the director because she had trusted him, and it showed.', b: null },
  { id: 'contrast', a: 'The plot is thin, but the acting is superb.', b: 'The acting is superb, but the plot is thin.' },
  {
    id: 'long',
    a: 'What begins as a quiet story about two sisters in a village by the sea slowly turns, scene after careful scene, into something far stranger and more moving than its modest opening would ever lead you to expect, and even when the last act stumbles, the performances carry you home.',
    b: null,
  },
  { id: 'chinese', a: '这部电影一点也不差。', b: null },
]
