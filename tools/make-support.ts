// Measures every file of fixtures/zoo and writes what is supported to docs/support.md: node tools/run-ts.mjs tools/make-support.ts

import { mkdirSync, writeFileSync } from 'node:fs'
import { GRADIENT_RULES } from '#autodiff/gradient-rules'
import { GRADIENT_TOLERANCE, gradientReferenceOf } from '#engine/testing/gradient-agreement'
import { brokenFiles, type Gaps, measureZooFile, prepareZooFile, readZooFile, type ZooFile, zooFiles } from '#engine/testing/zoo'
import { type Arithmetic, arithmeticOf, TOLERANCE } from '#engine/testing/zoo-arithmetic'
import { measureGradients } from '#engine/testing/zoo-gradients'
import { measureZooParts, PART_NAMES, PARTS_TOLERANCE } from '#engine/testing/zoo-parts'
import { GraphError } from '#graph/ir/errors'
import { LOWERED_OPERATORS } from '#graph/lower/lower-fused'
import { LOWERED_Q8_OPERATORS } from '#graph/normalise/lower-dynamic-q8'
import { openModel } from '#graph/open-model'
import { SHAPE_RULES } from '#graph/shapes/shape-rules'

const OUT = 'docs/support.md'

/** What agreement means for a file, in the table. */
const ARITHMETIC: Readonly<Record<Arithmetic, string>> = {
  float32: 'float32',
  same: 'as the file',
  unrounded: 'activations not rounded',
  'native-rounding': 'activations not rounded',
}

const HEAD = `# What is supported

Written by \`node tools/run-ts.mjs tools/make-support.ts\`; do not edit. Every file of \`fixtures/zoo\` (tiny random models in the forms that
exporters write, see its README) is rewritten, run on WebAssembly and compared with what PyTorch computed. Numbers are the largest absolute
differences over all cases.

- **logits**: from PyTorch's logits, or last hidden state where there is no head. Quantised files differ by what quantisation changed.
- **same file**: from what onnxruntime computes with the same file, unchanged.
- **attention, hidden states, embeddings**: from PyTorch's.
- **arithmetic**: *float32*: must agree with PyTorch (logits ${TOLERANCE.logits}, attention ${TOLERANCE.attentions}, hidden states ${TOLERANCE.hiddenStates}). *As the file*: float16, or
  packed weights multiplied in float32; must agree with the same file to ${TOLERANCE.sameFile}. *Activations not rounded*: onnxruntime rounds activations to
  8 bits at every product of such a file, and the rewritten graph does not, so that it is nearer to PyTorch, runs on WebGPU and has gradients.
- **gradients**: of one score, with respect to word embeddings and to the attention of all layers: from PyTorch's autograd, by its largest
  element. Files of 4 bits are compared with autograd on the dequantised weights, "-" where PyTorch did not run them; must agree to
  ${GRADIENT_TOLERANCE.float32}, float16 files to ${GRADIENT_TOLERANCE.float16}. Where activations are not rounded, PyTorch's float32 model is what they are to be near to.
`

const PART_COLUMNS = [
  'queries',
  'keys',
  'values',
  'head outputs',
  'attention outputs',
  'MLP outputs',
  'middles',
  'final norm',
  'output head',
]
const GAP_COLUMNS = ['probabilities x values', 'projected', 'stream', 'final norm x weight']
const INSIDE = `Taps inside the layers, found by structure; layers in which a part was found, of all. The checks are what the numbers must satisfy among
themselves, as the largest difference by the largest number (${PARTS_TOLERANCE.float32}, in float16 ${PARTS_TOLERANCE.float16}); "-" where a file has nothing to compare.

- **probabilities x values**: are the head outputs.
- **projected**: head outputs, joined, times the weight that follows are the attention outputs, but for a bias.
- **stream**: a state and the attention and MLP outputs are the next state, or a norm of the sum is it.
- **final norm x weight**: are the logits, but for a bias. "0 of 1" for models without a head for each token.
- **output head**: tokens that it scores, and whether its weight is the embedding table itself; "-" where none is proved to act on each token.
- Blocks beside each other leave no stream in the middle.
`

const rows = [
  HEAD,
  '## Files',
  '',
  '| family | file | arithmetic | logits | same file | attention | hidden states | embeddings | gradients: embeddings | attention |',
  '|---|---|---|---|---|---|---|---|---|---|',
]
for (const file of zooFiles) rows.push(await rowOf(file))
rows.push('', '## Inside the layers', '', INSIDE, `| family | file | ${PART_COLUMNS.join(' | ')} | ${GAP_COLUMNS.join(' | ')} |`)
rows.push(`|---|---|${[...PART_COLUMNS, ...GAP_COLUMNS].map(() => '---|').join('')}`)
for (const file of zooFiles) rows.push(...(await partsRowOf(file)))
rows.push('', '## Refused, with the reason', '', '| file | kind | message |', '|---|---|---|', ...brokenFiles.map(brokenRow))
rows.push('', '## Operators', '', `Taken apart into plain ones: ${listOf(LOWERED_OPERATORS)}.`)
rows.push(
  '',
  `Made products with dequantised weights: ${listOf(LOWERED_Q8_OPERATORS)}, com.microsoft:MatMulNBits (where asked), com.microsoft:MatMulBnb4.`,
)
rows.push('', `Have gradients: ${listOf(Object.keys(GRADIENT_RULES))}.`)
rows.push('', `Whose results' shapes are followed: ${listOf(Array.from(SHAPE_RULES.keys()))}.`, '')

mkdirSync('docs', { recursive: true })
writeFileSync(OUT, rows.join('\n'))
console.log(`${OUT}: ${zooFiles.length} files`)

async function rowOf(file: ZooFile): Promise<string> {
  const result = await measureZooFile(file)
  const name = `${file.family} | ${file.variant}`
  if (result.kind === 'refused') return `| ${name} | refused | ${result.error.message} | | | | | | |`
  const { gaps } = result
  const numbers: readonly (keyof Gaps)[] = ['logits', 'sameFile', 'attentions', 'hiddenStates', 'embeddings']
  return `| ${name} | ${ARITHMETIC[arithmeticOf(file)]} | ${numbers.map((key) => rounded(gaps[key])).join(' | ')} | ${await gradientsOf(file)} |`
}

/** No row for a file that is refused: it is in the table above. */
async function partsRowOf(file: ZooFile): Promise<readonly string[]> {
  try {
    const { found, layers, gaps } = await measureZooParts(file)
    const counts = PART_NAMES.map((name) => `${found[name]} of ${name === 'finalNorm' ? 1 : layers}`)
    const numbers = [gaps.heads, gaps.projected, gaps.stream, gaps.head].map((gap) => (gap === null ? '-' : rounded(gap)))
    return [`| ${file.family} | ${file.variant} | ${[...counts, headOf(file), ...numbers].join(' | ')} |`]
  } catch (error) {
    if (error instanceof GraphError) return []
    throw error
  }
}

function headOf({ family, variant }: ZooFile): string {
  const { bytes, external } = readZooFile(`${family}/onnx/${variant}`)
  const { head, headWeight } = openModel(bytes, { external }).parts
  if (head === null) return '-'
  return headWeight === null ? 'computed' : `${headWeight.vocabulary ?? '?'}, ${headWeight.isTied ? 'tied' : 'own'}`
}

/** Two columns. */
async function gradientsOf(file: ZooFile): Promise<string> {
  const result = await measureGradients(file)
  if (result.kind === 'refused') return `${result.error.message} | `
  const { plain, quantised } = result
  const kind = gradientReferenceOf(file, quantised !== null)
  const gaps = kind === 'quantised' ? quantised : plain
  return kind === null || gaps === null ? '- | -' : `${rounded(gaps.embeddings)} | ${rounded(gaps.attentions)}`
}

function listOf(operators: readonly string[]): string {
  return operators.toSorted().join(', ')
}

function rounded(gap: number | null): string {
  if (gap === null) return 'not found'
  // One digit: the last ones change with the machine.
  return gap < 1e-5 ? '< 1e-5' : gap.toExponential(0)
}

function brokenRow(file: string): string {
  try {
    prepareZooFile(`broken/${file}`)
    return `| ${file} | | accepted |`
  } catch (error) {
    if (error instanceof GraphError) return `| ${file} | ${error.kind} | ${error.message} |`
    throw error
  }
}
