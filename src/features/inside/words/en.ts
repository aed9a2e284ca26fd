// English words of what is read inside a model.

export const words = {
  inside: {
    label: 'Inside',
    notReadable:
      'This model has no output head over a vocabulary that was recognised. Open a language model, such as SmolLM2, to read its layers.',
    about: 'About what is read',
    aboutLens:
      'Logit lens (nostalgebraist, 2020): the residual stream after each layer goes through the final norm and the output head, as if the model stopped there. The last row is the real answer. Early layers were not made to be read so: a token that is not seen there may be known in another form.',
    aboutJacobian:
      'Local Jacobian lens: the state times the gradient there of the target’s logit, less that of the token it is compared with. It tells what the later layers make of this state in this text, to first order, with the final norm’s scale held.',
    aboutShares:
      'Direct logit attribution (Elhage et al., 2021): what the embedding, each head and each MLP wrote into the stream, times the direction of the logit, the final norm’s scale held. It is the direct way only: what a head does through later layers is counted there.',
    aboutRoles:
      'Roles are means of the attention over the text: to the token before, to itself, to marks and template tokens (delimiters), to earlier copies of the same token, and to the tokens right behind those (induction; Olsson et al., 2022). They say where a head looks, not what it makes of it.',
    reading: 'Reading the layers: {{done}} of {{count}} positions',
    lens: 'Logit lens: what each layer would answer',
    lensNote: 'Tinted by probability. Select a cell to ask about its position.',
    window_one: 'Only {{count}} position around the asked one is read.',
    window_other: 'Only the {{count}} positions around the asked one are read.',
    layer: 'Layer',
    embedding: 'embedding',
    afterLayer: 'after layer {{layer}}',
    answer: 'answer',
    at: '{{row}}, at “{{token}}”',
    top: '“{{token}}” {{probability}}',
    numbers: 'entropy {{entropy}} nats · KL to the answer {{divergence}} nats',
    target: '“{{token}}”: {{probability}}, rank {{rank}}',
    pickCell: 'Point at a cell for its numbers.',
    lines: 'Layer by layer, at “{{token}}”',
    logProbability: 'Logit lens: ln p of “{{token}}” (nats)',
    logProbabilityOfFoil: 'dashed: “{{token}}”',
    jacobian: 'Local Jacobian lens: “{{token}}” (logits)',
    jacobianAgainst: 'Local Jacobian lens: “{{token}}” rather than “{{foil}}” (logits)',
    value: 'Value',
    heads: 'Heads and MLPs',
    show: 'Colours show',
    shares: 'direct logit attribution',
    roles: {
      previousToken: 'previous token',
      self: 'itself',
      firstToken: 'first token',
      delimiters: 'delimiters',
      copying: 'copying',
      distance: 'distance',
      duplicateToken: 'duplicate token',
      induction: 'induction',
      entropy: 'entropy',
    },
    measuredOn: 'Measured on',
    text: 'this text',
    random: 'random tokens, twice',
    randomNote: '24 random tokens, said twice (seed 7): what is high here follows the repetition and no meaning.',
    noCopies: 'No token stands twice in this text, so copies and induction cannot be measured. Choose random tokens.',
    unitShares: 'logits',
    unitRole: 'mean attention',
    unitEntropy: 'nats',
    unitDistance: 'tokens away, mean',
    unitCopying_one: 'share of {{count}} token',
    unitCopying_other: 'share of {{count}} different tokens; by chance 1/{{count}}',
    aboutCopying:
      'When a head looks at one token alone, does what it writes raise that token’s own logit above those of all others of the text? The share of tokens for which it does (after Wang et al., 2022; the direct way, the final norm’s scale held). It takes a pass a layer.',
    effects: 'Direct effect and total effect',
    aboutEffects:
      'Direct: what the part writes into this number, as above. Total: what is lost of it when the part alone is switched off (zero ablation), with all that later layers make of it. Below the dashed line in size, later parts make up for it (self-repair; McGrath et al., 2023); above it, the part works by way of others.',
    measureEffects: 'Switch each part off',
    switchingOff: 'Switching parts off: {{done}} of {{count}} layers',
    effectsSummary: 'Direct effect across, total effect up, of {{count}} parts',
    effectsOf: '{{part}}: direct {{direct}}, total {{total}} logits',
    effectsLegend: 'Discs: heads. Squares: MLPs. Dashed: both effects are the same. In logits.',
    direct: 'direct effect',
    total: 'total effect',
    part: 'Part',
    farthestApart: 'Farthest apart (logits)',
    measure: 'Measure',
    readingHeads: 'Reading the heads: {{done}} of {{count}} layers',
    head: 'Head',
    mlp: 'MLP',
    mlpOf: 'MLP {{layer}}',
    biasOf: 'attention bias {{layer}}',
    constant: 'final norm’s shift and output bias',
    nothing: 'nothing',
    summary: 'Heads down, layers across: {{what}}',
    strongest: 'Strongest: {{what}}',
    sum: 'Embedding {{embedding}}, heads {{heads}}, MLPs {{mlps}}, biases {{biases}}: together {{sum}} logits. The model itself: {{difference}}.',
    openHead: 'Show the attention of {{head}}',
  },
}

declare module '#i18n/messages' {
  interface WordParts {
    readonly inside: typeof words
  }
}
