// Lesson 2: what a head of attention is, and how to read one.

import type { Lesson, Verdict } from './lesson.ts'
import { type Measure, type MeasuredAttention, placeOf, plain } from './measure.ts'

const TEXT = 'I would not recommend it.'
const TURN = 'The food was great but the service was slow.'
const FIRST_LAYER_HEAD = { layer: 1, head: 3 }
const LOOKS_FOR_WORDS = { layer: 4, head: 9 }
const RESTS = { layer: 3, head: 8 }

/** As settings count, from 0. */
const shown = ({ layer, head }: { readonly layer: number; readonly head: number }) => [{ layer: layer - 1, head: head - 1 }]

const keysOf = ({ tokens, weight }: MeasuredAttention, query: number): readonly number[] => tokens.map((_, key) => weight(query, key))

const strongestKey = (attention: MeasuredAttention, query: number): number => {
  const weights = keysOf(attention, query)
  return weights.indexOf(Math.max(...weights))
}

/** Mean attention to a role of the one head that the reader chose, or the remark that there is not one. */
async function roleOfChosen(
  heads: readonly { readonly layer: number; readonly head: number }[],
  text: Parameters<Measure['role']>[0],
  measure: Measure,
  role: 'previousToken' | 'firstToken',
): Promise<{ readonly score: number; readonly head: string } | null> {
  const [chosen] = heads
  if (chosen === undefined || heads.length !== 1) return null
  const score = (await measure.role(text, role))[chosen.layer - 1]?.[chosen.head - 1]
  return score === undefined ? null : { score, head: `${chosen.layer}.${chosen.head}` }
}

const NO_HEAD: Verdict = { isSolved: false, remark: 'noHead', numbers: {} }

const CHOOSE_ONE = {
  en: 'Choose exactly one head: click one of the small pictures beside the chart.',
  zh: '请恰好选一个注意力头：点击图表旁的小图。',
}

export const attention: Lesson = {
  id: 'attention',
  model: 'minilm-sst2',
  goal: {
    en: 'Attention is how tokens fetch information from each other. After this lesson you can read one row of an attention chart, tell a few kinds of heads apart, and find them yourself.',
    zh: '注意力是词元之间相互取用信息的方式。学完这一课，你能读懂注意力图中的一行，分辨几种不同的注意力头，并自己把它们找出来。',
  },
  steps: [
    {
      id: 'row',
      page: { textA: TEXT, tab: 'attention', heads: shown(LOOKS_FOR_WORDS), chart: 'heatmap', sinks: 'shown' },
      say: {
        en: 'One head of the model: each row is a token that looks (the query), each column a token that is looked at (the key). A dark cell is much attention.',
        zh: '这是模型中的一个注意力头：每一行是一个正在看的词元（query），每一列是一个被看的词元（key），颜色越深，注意力越多。',
      },
      question: { en: 'What do the weights of one row add up to?', zh: '一行的权重加起来是多少？' },
      predict: { kind: 'number', min: 0, max: 100, within: 0.01, unit: { en: '', zh: '' } },
      reveal: {},
      explain: {
        en: 'To 1, in every row of every head: attention is shared out like a budget. Whoever looks more at one token looks less at the others. In the row of “it”, “recommend” has {weight}.',
        zh: '每个头的每一行都是 1：注意力像一笔固定的预算，看一个词元多一点，看别的就少一点。在“it”这一行里，“recommend”占 {weight}。',
      },
      find: async (measure) => {
        const head = await measure.attention(plain(TEXT), LOOKS_FOR_WORDS)
        const row = placeOf(head.tokens, 'it')
        const sums = head.tokens.map((_, query) => keysOf(head, query).reduce((sum, weight) => sum + weight, 0))
        return {
          holds: sums.every((sum) => Math.abs(sum - 1) < 1e-4),
          outcome: Math.round((sums[row] ?? 0) * 1000) / 1000,
          numbers: { weight: head.weight(row, placeOf(head.tokens, 'recommend')) },
        }
      },
    },
    {
      id: 'it',
      page: { textA: TEXT, tab: 'attention', heads: shown(LOOKS_FOR_WORDS), chart: 'heatmap', sinks: 'shown' },
      say: {
        en: 'Head 4.9 is the ninth head of the fourth layer. Look for the row of “it”.',
        zh: '头 4.9 是第 4 层的第 9 个头。找到“it”那一行。',
      },
      question: { en: 'At which token does “it” look most?', zh: '“it”最关注哪个词元？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'I', zh: 'I' },
          { en: 'not', zh: 'not' },
          { en: 'recommend', zh: 'recommend' },
          { en: '[CLS]', zh: '[CLS]' },
        ],
      },
      reveal: { token: { side: 'a', index: 5 }, key: { side: 'a', index: 4 } },
      explain: {
        en: 'At “recommend”, with {weight} of 1. In this head, tokens look for the word of their clause that carries the judgement. That is what it looks like on these texts; nobody told the head to do so.',
        zh: '“recommend”，权重 {weight}（总和为 1）。在这个头里，词元会去找本分句中带有评价的词。这是从这些例句里看到的规律，并没有人这样规定它。',
      },
      find: async (measure) => {
        const head = await measure.attention(plain(TEXT), LOOKS_FOR_WORDS)
        const row = placeOf(head.tokens, 'it')
        const best = head.tokens[strongestKey(head, row)] ?? ''
        return {
          holds: best === 'recommend' && head.weight(row, placeOf(head.tokens, 'recommend')) > 0.6,
          outcome: ['I', 'not', 'recommend', '[CLS]'].indexOf(best),
          numbers: { weight: head.weight(row, placeOf(head.tokens, 'recommend')) },
        }
      },
    },
    {
      id: 'previous',
      page: { textA: TURN, tab: 'attention', heads: shown(FIRST_LAYER_HEAD), chart: 'heatmap', sinks: 'shown' },
      say: {
        en: 'Another head, 1.3, and another sentence. Something is striking about its picture.',
        zh: '换一个头 1.3，再换一句话。它的图有一个明显的特点。',
      },
      question: { en: 'At what does each token look here?', zh: '在这个头里，每个词元看哪里？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'At itself', zh: '看自己' },
          { en: 'At the token before it', zh: '看前一个词元' },
          { en: 'At the most important word', zh: '看最重要的词' },
          { en: 'At all tokens alike', zh: '平均地看所有词元' },
        ],
      },
      reveal: {},
      explain: {
        en: 'At the token before it: {score} of the attention on average. A head of position, not of meaning: with it the model knows which pieces stand side by side. Change the words; the diagonal stays.',
        zh: '看前一个词元：平均有 {score} 的注意力。它看的是位置而不是意思，模型靠它知道谁和谁相邻。换掉词语试试，对角线依然在。',
      },
      find: async (measure) => {
        const [before, self] = await Promise.all([measure.role(plain(TURN), 'previousToken'), measure.role(plain(TURN), 'self')])
        const score = before[0]?.[2] ?? Number.NaN
        return { holds: score > 0.9, outcome: score > 0.5 ? 1 : (self[0]?.[2] ?? 0) > 0.5 ? 0 : 3, numbers: { score: { share: score } } }
      },
    },
    {
      id: 'rest',
      page: { textA: TURN, tab: 'attention', heads: shown(RESTS), chart: 'heatmap', sinks: 'shown' },
      say: {
        en: 'Head 3.8. A budget must be spent, even when there is nothing to fetch.',
        zh: '头 3.8。预算必须花完，哪怕没有什么可取的信息。',
      },
      question: { en: 'How much of its attention goes to [CLS], in percent?', zh: '它有百分之多少的注意力落在 [CLS] 上？' },
      predict: { kind: 'number', min: 0, max: 100, within: 10, unit: { en: '%', zh: '%' } },
      reveal: {},
      explain: {
        en: '{score} on average. [CLS] says little about the film; it is where a head rests that found nothing. Such places are called attention sinks, and the page sets them aside unless you switch them on.',
        zh: '平均 {score}。[CLS] 本身并不说明什么，头没找到要取的信息时，就把注意力放在那里。这种位置叫注意力汇聚点，页面平时会把它们略去。',
      },
      find: async (measure) => {
        const score = (await measure.role(plain(TURN), 'firstToken'))[2]?.[7] ?? Number.NaN
        return { holds: score > 0.8, outcome: Math.round(score * 100), numbers: { score: { share: score } } }
      },
    },
    {
      id: 'but',
      page: { textA: TURN, tab: 'attention', heads: shown(LOOKS_FOR_WORDS), chart: 'heatmap', sinks: 'shown' },
      say: { en: 'Back to head 4.9, with two halves joined by “but”.', zh: '回到头 4.9，这句话由“but”连接两个分句。' },
      question: { en: 'At which token does “slow” look most?', zh: '“slow”最关注哪个词元？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'service', zh: 'service' },
          { en: 'great', zh: 'great' },
          { en: 'but', zh: 'but' },
          { en: 'slow', zh: 'slow' },
        ],
      },
      reveal: {},
      explain: {
        en: 'At “but”, with {slow}; while “food”, in the first half, looks at “great” with {food} and hardly at “but”. The two halves are kept apart. The answer is {answer}: the half after “but” wins.',
        zh: '“but”，权重 {slow}；而前半句里的“food”看“great”（{food}），几乎不看“but”。两个分句被分开处理。结果是“{answer}”：“but”之后的那一半占了上风。',
      },
      find: async (measure) => {
        const [head, answer] = await Promise.all([measure.attention(plain(TURN), LOOKS_FOR_WORDS), measure.answer(plain(TURN))])
        const [slow, but, food, great] = ['slow', 'but', 'food', 'great'].map((label) => placeOf(head.tokens, label)) as [
          number,
          number,
          number,
          number,
        ]
        const best = head.tokens[strongestKey(head, slow)] ?? ''
        return {
          holds: best === 'but' && head.weight(food, but) < 0.05 && head.weight(food, great) > 0.2 && answer.label === 'NEGATIVE',
          outcome: ['service', 'great', 'but', 'slow'].indexOf(best),
          numbers: { slow: head.weight(slow, but), food: head.weight(food, great), answer: answer.label },
        }
      },
    },
  ],
  presets: [
    {
      title: { en: 'The half after “but”', zh: '“but”之后' },
      look: { en: 'The halves change places: what does head 4.9 do now?', zh: '两个分句互换，头 4.9 会怎样？' },
      page: {
        textA: 'The service was slow but the food was great.',
        tab: 'attention',
        heads: shown(LOOKS_FOR_WORDS),
        chart: 'heatmap',
        sinks: 'shown',
      },
    },
    {
      title: { en: 'A good waste', zh: '好演员，烂片' },
      look: { en: 'At what does “actors” look?', zh: '“actors”关注什么？' },
      page: { textA: 'A waste of good actors.', tab: 'attention', heads: shown(LOOKS_FOR_WORDS), chart: 'heatmap', sinks: 'shown' },
    },
    {
      title: { en: 'All heads at once', zh: '所有头的平均' },
      look: { en: 'The mean of three heads: what is left of each?', zh: '三个头取平均，各自还剩下什么？' },
      page: {
        textA: TURN,
        tab: 'attention',
        heads: [...shown(FIRST_LAYER_HEAD), ...shown(RESTS), ...shown(LOOKS_FOR_WORDS)],
        reduce: 'mean',
        chart: 'heatmap',
        sinks: 'shown',
      },
    },
  ],
  exercises: [
    {
      id: 'find-previous',
      page: { textA: 'The film is not bad at all.', tab: 'attention', chart: 'heatmap', sinks: 'shown', heads: shown(RESTS) },
      task: {
        en: 'Find a head, other than 1.3, that gives more than 0.4 of its attention to the token before, on average over the tokens. Choose it and check.',
        zh: '找出一个头（不能是 1.3），它平均把 0.4 以上的注意力放在前一个词元上。选中它，然后检查。',
      },
      hints: [
        {
          en: 'Look at the small pictures: which have a dark line just beside the diagonal?',
          zh: '看那些小图：哪个在对角线旁边有一条深色的线？',
        },
        { en: 'Heads of position are mostly in the first three layers.', zh: '看位置的头大多在前三层。' },
        { en: 'Look among heads of layers 2 and 3 with a two-digit number.', zh: '在第 2 层和第 3 层里，看编号为两位数的头。' },
      ],
      remarks: {
        right: { en: 'Head {head} gives {score} to the token before.', zh: '头 {head} 有 {score} 的注意力放在前一个词元上。' },
        low: {
          en: 'Head {head} gives only {score} to the token before; 0.4 is asked for.',
          zh: '头 {head} 只有 {score} 放在前一个词元上，要求是 0.4 以上。',
        },
        known: {
          en: 'Head 1.3 does ({score}), but it is the one that you know already.',
          zh: '头 1.3 确实如此（{score}），但它你已经认识了。',
        },
        noHead: CHOOSE_ONE,
      },
      check: async ({ a, heads }, measure) => {
        const found = await roleOfChosen(heads, a, measure, 'previousToken')
        if (found === null) return NO_HEAD
        if (found.head === '1.3') return { isSolved: false, remark: 'known', numbers: { ...found } }
        return { isSolved: found.score > 0.4, remark: found.score > 0.4 ? 'right' : 'low', numbers: { ...found } }
      },
    },
    {
      id: 'find-busy',
      page: { textA: TURN, tab: 'attention', chart: 'heatmap', sinks: 'shown', heads: shown(RESTS) },
      task: {
        en: 'Find a head that hardly rests: less than 0.2 of its attention goes to [CLS], on average.',
        zh: '找出一个几乎不“休息”的头：平均只有不到 0.2 的注意力落在 [CLS] 上。',
      },
      hints: [
        { en: '[CLS] is the first column. In which small picture is it pale?', zh: '[CLS] 是第一列。哪张小图里这一列颜色浅？' },
        { en: 'Try the first two layers.', zh: '试试前两层。' },
        { en: 'You have met one: its dark line leaves no budget for anything else.', zh: '你已经见过一个：那条深色的线把预算用完了。' },
      ],
      remarks: {
        right: { en: 'Head {head} leaves only {score} at [CLS].', zh: '头 {head} 只有 {score} 落在 [CLS] 上。' },
        low: {
          en: 'Head {head} gives {score} to [CLS]; less than 0.2 is asked for.',
          zh: '头 {head} 有 {score} 落在 [CLS] 上，要求不到 0.2。',
        },
        noHead: CHOOSE_ONE,
      },
      check: async ({ a, heads }, measure) => {
        const found = await roleOfChosen(heads, a, measure, 'firstToken')
        if (found === null) return NO_HEAD
        return { isSolved: found.score < 0.2, remark: found.score < 0.2 ? 'right' : 'low', numbers: { ...found } }
      },
    },
    {
      id: 'own-sentence',
      page: { textA: TEXT, tab: 'attention', heads: shown(LOOKS_FOR_WORDS), chart: 'heatmap', sinks: 'shown' },
      task: {
        en: 'Change the sentence so that “it” looks at another word than “recommend” with more than 0.5 in head 4.9. Keep the word “it”.',
        zh: '修改句子，使头 4.9 中的“it”以超过 0.5 的权重关注“recommend”以外的词。句子里要保留“it”。',
      },
      hints: [
        {
          en: 'The head looks for the word that judges. Which other verbs or adjectives judge?',
          zh: '这个头找的是带评价的词。还有哪些动词或形容词带评价？',
        },
        { en: 'Put such a word in the place of “recommend”.', zh: '用这样一个词换掉“recommend”。' },
        { en: 'Try verbs of liking or disliking right before “it”.', zh: '试试在“it”前面放一个表示喜欢或讨厌的动词。' },
      ],
      remarks: {
        right: { en: '“it” now looks at “{word}” with {weight}.', zh: '“it”现在以 {weight} 关注“{word}”。' },
        low: {
          en: '“it” looks most at “{word}”, with {weight}; more than 0.5 is asked for.',
          zh: '“it”最关注“{word}”，权重 {weight}，要求超过 0.5。',
        },
        same: { en: '“it” still looks at “recommend”.', zh: '“it”仍然在看“recommend”。' },
        noIt: { en: 'Your sentence has no “it”.', zh: '你的句子里没有“it”。' },
        marker: {
          en: '“it” looks most at {word} ({weight}), which is no word of yours.',
          zh: '“it”最关注 {word}（{weight}），它不是你写的词。',
        },
      },
      check: async ({ a }, measure) => {
        const head = await measure.attention(a, LOOKS_FOR_WORDS)
        const row = head.tokens.findIndex((token) => token.toLowerCase() === 'it')
        if (row < 0) return { isSolved: false, remark: 'noIt', numbers: {} }
        const key = strongestKey(head, row)
        const word = head.tokens[key] ?? ''
        const numbers = { word, weight: head.weight(row, key) }
        if (word.startsWith('[')) return { isSolved: false, remark: 'marker', numbers }
        if (word.toLowerCase() === 'recommend') return { isSolved: false, remark: 'same', numbers }
        return { isSolved: numbers.weight > 0.5, remark: numbers.weight > 0.5 ? 'right' : 'low', numbers }
      },
    },
  ],
  openTask: {
    en: 'Choose a head nobody has spoken about yet. Try it on three sentences and give it a name. Then look for a sentence in which the name is wrong.',
    zh: '选一个还没人提到过的头，用三句话观察它，给它起个名字。然后找一句话，证明这个名字起得不对。',
  },
  summary: [
    { en: 'A row of attention shares out 1 over all tokens.', zh: '注意力的一行把总和 1 分给所有词元。' },
    { en: 'Some heads look at places, some at words, many rest at [CLS].', zh: '有的头看位置，有的头看词，还有很多停在 [CLS] 上。' },
    {
      en: 'A chart shows where information may flow. It does not prove that a word caused the answer.',
      zh: '注意力图显示信息可能从哪里流过，并不证明某个词导致了答案。',
    },
  ],
  teacher: {
    opening: {
      en: 'Write “I would not recommend it.” on the board. Ask what “it” needs to know from the other words, and draw arrows from “it” as the class says.',
      zh: '在黑板上写“I would not recommend it.”。问学生：“it”需要从其他词那里知道什么？按学生的回答从“it”画箭头。',
    },
    investigation: {
      en: 'Steps 1 to 5 in pairs, guess before revealing. After step 2 compare with the arrows on the board. Then the exercises; the third has many solutions.',
      zh: '两人一组完成第 1 到 5 步，先猜再揭晓。第 2 步之后与黑板上的箭头对比。然后做练习，第三题有很多解法。',
    },
    discussion: [
      { en: 'Is head 4.9 “the judgement head”? What would speak against it?', zh: '头 4.9 是“评价头”吗？什么现象能反驳这种说法？' },
      { en: 'Why can a head not look at nothing? (Each row must add up to 1.)', zh: '为什么头不能什么都不看？（每一行的和必须是 1。）' },
      {
        en: 'If “slow” looks at “but”, is “but” the reason for the answer? How could one test it? (Lesson 5.)',
        zh: '“slow”看“but”，那么“but”就是答案的原因吗？怎样检验？（见“扰动”一课。）',
      },
    ],
    closing: {
      en: 'Each pair presents its named head and its counterexample. Read the last line of the summary together.',
      zh: '每组展示自己命名的头和反例。一起读总结的最后一句。',
    },
    misunderstandings: [
      {
        belief: { en: 'Dark means important for the answer.', zh: '颜色深就是对答案重要。' },
        answer: {
          en: 'Step 4: the darkest column of all is [CLS], which says nothing about the film.',
          zh: '第 4 步：最深的一列是 [CLS]，而它和电影毫无关系。',
        },
      },
      {
        belief: { en: 'A head has a job that somebody gave it.', zh: '每个头都有人分配好的任务。' },
        answer: {
          en: 'Heads are learnt; names are ours, and hold as far as they were tested.',
          zh: '头是学出来的；名字是我们起的，只在检验过的范围内成立。',
        },
      },
      {
        belief: { en: 'Attention goes both ways.', zh: '注意力是相互的。' },
        answer: {
          en: 'Row and column are different: “food” hardly looks at “but”, “slow” does.',
          zh: '行和列不同：“food”几乎不看“but”，而“slow”看。',
        },
      },
    ],
    solutions: {
      en: 'First exercise: heads of layers 2 and 3 with a line beside the diagonal. Second: the previous-token head of step 3. Third: another verb that judges before “it”. The page checks any answer with the model.',
      zh: '练习一：第 2、3 层中对角线旁有一条线的头。练习二：第 3 步里看前一个词元的头。练习三：在“it”前换一个带评价的动词。任何答案都由页面用模型检查。',
    },
    age: {
      en: 'From about 14 years. Shares of 1 (or percent) are all the mathematics; with older classes, open Inside to see queries and keys.',
      zh: '适合约 14 岁以上。只需要懂比例或百分数；高年级可以打开“内部”看 query 和 key 的计算。',
    },
  },
}
