// English words of what several questions ask: the target, removals, gradients, what is being found out.

export const target = {
  target: {
    target: 'Explain',
    explains: 'Of the chosen token',
    explainsWhat: { itself: '“{{token}}” itself', after: 'what comes after it' },
    foil: 'rather than',
    noFoil: '(nothing)',
    logitAlone:
      'Logits of a vocabulary rise and fall together: the logit of one token says little by itself. Compare it with another token, or take the log-probability.',
    against: '{{target}} rather than {{foil}}',
    space: 'as',
    spaces: { score: 'logit', probability: 'probability', 'log-probability': 'log-probability' },
    units: { score: 'logits', probability: 'of probability', 'log-probability': 'nats' },
  },
  gradients: {
    onRequest: 'This model is large, so it was loaded without gradients: they take about {{bytes}} of memory more, and longer to start.',
    load: 'Load it with gradients',
    notStarted: 'This model has no gradients here: its word embeddings were not recognised, or its graph with gradients did not start.',
    impossible:
      'This model cannot be differentiated here, because of: {{operators}}. Its attention can be seen, and words can be changed by hand.',
  },
  removal: {
    removal: 'Taken away by',
    removals: {
      mask: 'a mask token',
      delete: 'deleting it',
      pad: 'a padding token',
      zero: 'a zero embedding',
      neighbour: 'the nearest other word',
    },
    unit: 'Units',
    unitsTaken: { token: 'tokens', word: 'words', sentence: 'sentences' },
  },
  asked: {
    running: 'Computing …',
    stop: 'Stop',
    stopped: 'Stopped: these are the results so far.',
    again: 'Begin again',
    noAnswer: 'This model gives no answer of its own, so there is nothing to attribute.',
  },
}
