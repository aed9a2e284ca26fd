// English words of generation.

export const words = {
  generate: {
    label: 'Generate',
    noNext: 'This model does not say what comes next. Open a language model, such as SmolLM2, to generate text.',
    noText: 'Type the beginning of a text, for the model to go on with.',
    grow_one: 'Generate {{count}} token',
    grow_other: 'Generate {{count}} tokens',
    growOne: 'One token',
    temperature: 'Temperature',
    greedy: '0: most likely',
    sampling: 'Sampling: {{summary}}',
    samplingTitle: 'How the next token is drawn',
    noCuts: 'no cuts',
    greedyNote: 'At temperature 0 the most likely token is taken each time: nothing is drawn, and no cut matters.',
    cuts: { topK: 'top-k', topP: 'top-p', minP: 'min-p', typical: 'typical' },
    cutMeans: {
      topK: 'Keeps so many of the most likely tokens.',
      topP: 'Keeps the fewest most likely tokens whose probabilities reach this sum (nucleus sampling).',
      minP: 'Keeps tokens at least this share as likely as the most likely one.',
      typical: 'Keeps tokens whose surprise is nearest to the entropy, until their probabilities reach this sum.',
    },
    off: 'off',
    seed: 'Seed',
    count: 'Tokens at once',
    about: 'About generation',
    shows:
      'Every token is drawn from the distribution that the model gives after the text so far. The temperature makes it sharper or flatter; the cuts are applied in the order top-k, top-p, min-p, typical, each to what the one before left. The same seed draws the same token at the same place.',
    showsNot:
      'Probabilities are the model’s own, at temperature 1 and without cuts, unless they are called drawn. A likely text is not a true one.',
    added_one: '{{count}} token added',
    added_other: '{{count}} tokens added',
    speed: '{{ms}} ms each',
    cache: {
      none: 'the file takes no keys and values of earlier tokens, so each token costs a pass over the whole text',
      differs: 'with kept keys and values the model answers otherwise, so each token costs a pass over the whole text',
    },
    tint: 'Tinted by surprise: white for a token that was certain, full at {{bits}} bits. Select a token to see what else could stand there.',
    tokenTold: '{{token}}: probability {{probability}}, rank {{rank}}, surprise {{bits}} bits',
    after: 'After “{{token}}”',
    inPlaceOf: 'In place of “{{token}}”',
    asking: 'Asking the model …',
    entropy: 'entropy {{nats}} nats ({{bits}} bits)',
    kept_one: '{{count}} token can be drawn',
    kept_other: '{{count}} tokens can be drawn',
    candidates: 'What could stand here, most likely first',
    cutKeeps_one: '{{cut}} keeps {{count}} token',
    cutKeeps_other: '{{cut}} keeps {{count}} tokens',
    more_one: 'Show {{count}} more',
    more_other: 'Show {{count}} more',
    fewer: 'Show fewer',
    others: '{{share}} of the probability lies beyond these {{count}}.',
    drawnBy: 'By each cut alone: {{drawn}}. By all rules together: {{all}}.',
    taken: 'in the text',
    drawn: 'drawn',
    wouldDraw: 'would be drawn',
    typicalKeeps: 'typical',
    goOnWith: 'Go on with “{{token}}”',
    cutOff: 'cut off',
    finalShare: 'drawn with {{share}}',
    why: 'Why “{{token}}”?',
    goTo: 'Go back to here',
    otherTokens:
      'Typed out, this text is read as other tokens than those that were generated, so an explanation would be of another text. Try an earlier or a later token.',
    branches: 'Branches',
    logProbability_one: 'log p {{value}}, {{count}} token',
    logProbability_other: 'log p {{value}}, {{count}} tokens',
    mark: 'Bookmark this place',
    unmark: 'Remove the bookmark',
    openAsB: 'Open as sentence B',
    prune: 'Remove this branch',
  },
}

declare module '#i18n/messages' {
  interface WordParts {
    readonly generate: typeof words
  }
}
