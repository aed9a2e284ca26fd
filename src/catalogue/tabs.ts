// The questions that the page can look into, a tab each, in the order of the tabs; the ids are the values in links.

export const TABS = ['attribution', 'attention', 'what-if', 'generate', 'inside', 'intervene'] as const
