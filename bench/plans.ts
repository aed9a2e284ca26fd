// How much of everything is measured: all but perturbation together stay under 20 minutes on two cores; perturbation beside the Python
// libraries takes as long again, most of it theirs.

/** Tokens at which taps are timed, as far as a model takes them. */
const LENGTHS = [16, 32, 64, 128, 256, 512]

export const PLANS = {
  full: {
    forward: { rounds: 60, warmUpMs: 4000 },
    typing: { sentences: 16 },
    answering: { keys: 40 },
    drawing: { rounds: 5, redraws: 8 },
    surgery: { rounds: 7 },
    taps: { lengths: LENGTHS, warmUpMs: 4000, rounds: [3, 24], budgetMs: 8000 },
    memory: { rounds: 3 },
    load: { rounds: 4 },
    generation: { rounds: 5, tokens: 32, contexts: [16, 128, 512, 1024] },
    gradients: { rounds: 5 },
    perturbation: { rounds: 3, longest: 64 },
  },
  quick: {
    forward: { rounds: 8, warmUpMs: 1500 },
    typing: { sentences: 3 },
    answering: { keys: 6 },
    drawing: { rounds: 1, redraws: 3 },
    surgery: { rounds: 2 },
    taps: { lengths: LENGTHS, warmUpMs: 1500, rounds: [1, 5], budgetMs: 2000 },
    memory: { rounds: 1 },
    load: { rounds: 1 },
    generation: { rounds: 2, tokens: 16, contexts: [16, 128, 512] },
    gradients: { rounds: 2 },
    perturbation: { rounds: 1, longest: 32 },
  },
} as const
