// English words of what several questions ask: the target, removals, gradients, what is being found out.

export const target = {
  target: {
    target: 'Target',
    explains: 'Of the selected token',
    explainsWhat: { itself: '“{{token}}” itself', after: 'what comes after it' },
    toAnswer: 'The answer is “{{answer}}”: explain it',
    foil: 'Contrast',
    noFoil: 'none',
    logitAlone:
      'Logits of a vocabulary rise and fall together: the logit of one token says little by itself. Set a contrast, or take the log-probability.',
    against: '{{target}} vs. {{foil}}',
    space: 'Scale',
    spaces: { score: 'logit', probability: 'probability', 'log-probability': 'log-probability' },
    units: { score: 'logits', probability: 'of probability', 'log-probability': 'nats' },
  },
  gradients: {
    onRequest: 'This model is large, so it runs without gradients: they take about {{bytes}} more memory and a longer start.',
    load: 'Add gradients',
    coming: 'Adding gradients. Methods that need none answer meanwhile.',
    notStarted: 'This model has no gradients here: its word embeddings were not recognised, or its graph with gradients did not start.',
    impossible:
      'This model cannot be differentiated here, because of: {{operators}}. Its attention can be seen, and words can be changed by hand.',
  },
  removal: {
    removal: 'Removal',
    by: 'Removal: {{how}}',
    removals: {
      mask: 'mask token',
      delete: 'deletion',
      pad: 'padding token',
      zero: 'zero embedding',
      neighbour: 'nearest neighbour',
    },
    unit: 'Units',
    unitsTaken: { token: 'tokens', word: 'words', sentence: 'sentences' },
  },
  asked: {
    running: 'Computing …',
    stop: 'Stop',
    stopped: 'Stopped; results so far.',
    again: 'Restart',
    noAnswer: 'This model gives no answer of its own, so there is nothing to attribute.',
  },
}
