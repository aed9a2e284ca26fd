// English words of interventions.

export const words = {
  intervene: {
    label: 'Intervene',
    notOpen:
      'What the layers of this model give cannot be changed here. Open MiniLM or SmolLM2, or a smaller file that takes texts of any length.',
    about: 'About interventions',
    aboutAblation:
      'Each head, attention block and MLP is switched off alone, at all positions, and the target’s logit is measured again. The map shows untouched minus off: a positive part supports the target, a negative one works against it. A head is taken off before the output projection, a block where it is added to the residual stream. Select cells to switch several off at once.',
    aboutKinds:
      'What stands in its place matters. Zero is a value that a part may never give, and can break the model for reasons of its own. The mean over this text’s positions keeps what the part gives on average. From B takes what it gives in the other text, which must have as many tokens.',
    aboutPatching:
      'Activation patching (Vig et al., 2020; Meng et al., 2022): one text’s run is repeated with what one layer gave, in one place, in the other text. Denoising: (patched − B) / (A − B), 0 for nothing and 1 for all restored. Noising: (A − patched) / (A − B), 0 for unharmed and 1 for all taken away. Values beyond 0 and 1 are possible.',
    aboutDirections:
      'Denoising asks what suffices to bring A’s answer back, noising what A’s answer needs. They differ where several parts do the same: one may then suffice while none is needed (Zhang and Nanda, 2024).',
    aboutLimits:
      'A part that changes the answer takes part in it, in this text and for this target; that it does nothing else is not shown. Parts that stand in for each other look idle one by one.',
    view: 'What is done',
    views: { ablate: 'Switch off', patch: 'Patch' },
    againstB: '(here: B’s answer)',
    kind: 'Switched off by',
    kinds: { zero: 'zero', mean: 'mean', resample: 'from B' },
    map: 'What each part does for the target ({{kind}})',
    mapLabel: 'Heads and blocks by layer',
    mapNote: 'Select a cell to switch a part off. Point at one for its number.',
    layer: 'Layer',
    headRow: 'head {{head}}',
    attention: 'attention',
    mlp: 'MLP',
    attentionOf: 'attention {{layer}}',
    mlpOf: 'MLP {{layer}}',
    logits: 'logits (untouched − off)',
    supports: 'supports the target',
    opposes: 'works against it',
    scale: 'full colour: heads {{head}}, blocks {{block}} logits',
    off: 'off',
    left: '{{percent}}%',
    answer: 'Answer',
    untouched: 'Untouched',
    now: 'Now',
    difference: 'Difference',
    logitOf: 'logit of “{{target}}”',
    logitAgainst: 'logit “{{target}}” − “{{foil}}”',
    inShares: 'First row in logits, the others as probabilities.',
    inLogits: 'In logits.',
    points: '{{points}} pp',
    gates: 'Switched off or scaled',
    strongest: 'Switch off the strongest',
    undo: 'Undo',
    clear: 'All on',
    none: 'All parts are on.',
    restore: 'Switch {{part}} on again',
    agreement: 'Does the verdict depend on the kind?',
    agree: 'Hardly: {{one}} and {{other}} order the heads alike (rank correlation {{correlation}}).',
    disagree: 'Yes: {{one}} and {{other}} order the heads differently (rank correlation {{correlation}}).',
    differing: 'Furthest apart: {{parts}}.',
    comma: ', ',
    sweeping: 'Switching parts off: {{done}} of {{count}} layers',
    comparing: 'Comparing kinds: {{done}} of {{count}} layers',
    patchingNow: 'Patching: {{done}} of {{count}} layers',
    patched: 'Patched',
    maps: {
      residual: 'residual stream before a layer',
      attention: 'attention output',
      mlp: 'MLP output',
      heads: 'heads, all positions',
      'heads-asked': 'heads, where the model is asked',
      queries: 'queries',
      keys: 'keys',
      values: 'values',
    },
    direction: 'Direction',
    directions: { denoise: 'A into B (denoising)', noise: 'B into A (noising)' },
    directionNotes: {
      denoise: 'B is run with one activation of A: what suffices to restore A’s answer?',
      noise: 'A is run with one activation of B: what is needed for A’s answer?',
    },
    noOther:
      'Patching needs a second text of as many tokens. Add one under “Compare with”: for instance the same sentence with another name.',
    otherLength:
      'A has {{a}} tokens and B has {{b}}. Patching puts one text’s activations in the other’s places, so change B until it has as many.',
    frame: '{{clean}} in A, {{corrupt}} in B (“{{text}}”)',
    restored: 'share restored',
    taken: 'share taken away',
    token: 'Token',
    head: 'Head',
    notYet: 'not patched yet',
    patchSummary: 'Layers across: {{what}}',
    strongestCells: 'Strongest: {{what}}',
    cell: 'layer {{layer}}, “{{token}}”',
    group: 'layer {{layer}}, heads {{heads}}',
  },
}

declare module '#i18n/messages' {
  interface WordParts {
    readonly intervene: typeof words
  }
}
