// English words of the headline.

export const words = {
  headline: {
    waiting: 'Which words decide it? Each is left out as soon as the model is ready.',
    and: '{{first}} and {{last}}',
    list: '{{first}}, {{last}}',
    measuring: 'Leaving out one word after the other: {{done}} of {{all}}.',
    measuringPassages: 'Leaving out one passage after the other: {{done}} of {{all}}.',
    searching: 'Looking for the fewest words that change the answer.',
    one: '{{words}} decides it: without it, the answer is {{answer}}.',
    each: '{{words}} each decide it: without either one, the answer is {{answer}}.',
    eachOther: '{{words}} each decide it: without {{first}} the answer is {{answer}}, without {{second}} {{other}}.',
    many: '{{first}}, {{second}} and {{count}} more each decide it: without {{first}}, the answer is {{answer}}.',
    every: 'Every word decides it: without any one of them the answer is another; without {{first}}, it is {{answer}}.',
    together: '{{words}} decide it together: without all of them the answer is {{answer}}; without only some it stays.',
    pair: '{{words}} decide it together: without both the answer is {{answer}}; without only one it stays.',
    noneAlone: 'No single word decides it. {{words}} matters most: without it, {{name}} falls from {{before}} to {{after}}.',
    noneAloneFlat: 'No single word decides it: without any one of them, the answer stays {{name}}.',
    noneAlonePassage: 'No single passage decides it. {{words}} matters most: without it, {{name}} falls from {{before}} to {{after}}.',
    noneAloneFlatPassage: 'No single passage decides it: without any one of them, the answer stays {{name}}.',
    masked: '{{words}} matters most: masked, the answer is {{answer}}; deleted, it stays.',
    number: '{{words}} moves the number most: {{drop}}.',
    nothing: 'One word: there is no other to compare it with.',
    unsure: 'The model is not sure: {{answer}}.',
    of: '{{side}}: ',
    agree: 'Shapley: {{words}} first, too.',
    disagree: 'Shapley values rank {{words}} first.',
    removedMask: 'Left out means masked while words are compared; what turns the answer was deleted.',
    removedDelete: 'Left out means deleted.',
  },
}

declare module '#i18n/messages' {
  interface WordParts {
    readonly headline: typeof words
  }
}
