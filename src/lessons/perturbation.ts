// Lesson 5: changing the input and asking again.

import type { Lesson } from './lesson.ts'
import { type LessonInput, type Measure, placeOf, plain, strongest } from './measure.ts'

const NEGATED = 'The film is not bad at all.'
const PLAIN_BAD = 'The film is bad at all.'
const TURN = 'The food was great but the service was slow.'
const TURNED = 'The service was slow but the food was great.'
const NEUTRAL = 'I watched it.'

const without = (word: string): string => NEGATED.replace(`${word} `, '')

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}'’]+/u)
    .filter((word) => word !== '')

/** Fewest words that must be put in, taken out or changed: Levenshtein's distance of the two lists of words. */
function changedWords(one: string, other: string): number {
  const [from, to] = [wordsOf(one), wordsOf(other)]
  let row = to.map((_, at) => at + 1)
  from.forEach((word, at) => {
    let diagonal = at
    let left = at + 1
    row = row.map((above, place) => {
      const cost = Math.min(above + 1, left + 1, diagonal + (word === to[place] ? 0 : 1))
      diagonal = above
      left = cost
      return cost
    })
  })
  return row.at(-1) ?? from.length
}

/** The token on which a method puts most, in size. */
async function strongestToken(input: LessonInput, measure: Measure, method: 'leave-one-out' | 'input-x-gradient') {
  const { tokens, values } = await measure.contributions(input, method)
  const at = strongest(values.map((value, place) => (tokens[place]?.startsWith('[') ? -1 : Math.abs(value))))
  return { word: tokens[at] ?? '', value: values[at] ?? Number.NaN }
}

export const perturbation: Lesson = {
  id: 'perturbation',
  model: 'minilm-sst2',
  goal: {
    en: 'The surest way to learn what a word does: change it and ask the model again. After this lesson you can leave words out, read what that tells, and find the smallest change that turns an answer over.',
    zh: '想知道一个词起什么作用，最可靠的办法是改掉它，再问模型一次。学完这一课，你会逐个去掉词语、解读结果，并找出让答案翻转的最小改动。',
  },
  steps: [
    {
      id: 'leave-out',
      page: { textA: NEGATED, tab: 'attention' },
      say: { en: 'The model calls this sentence positive. Suppose one word is missing.', zh: '模型认为这句话是正面的。假设少了一个词。' },
      question: { en: 'Without which word does the answer turn over?', zh: '去掉哪个词，答案会翻转？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'Only without “not”', zh: '只有去掉“not”' },
          { en: 'Only without “bad”', zh: '只有去掉“bad”' },
          { en: 'Without either', zh: '去掉其中任何一个' },
          { en: 'Without neither', zh: '去掉哪个都不会' },
        ],
      },
      reveal: { tab: 'what-if', whatIfView: 'scan' },
      explain: {
        en: 'Without “not” the model says {one} ({oneShare}), no surprise. Without “bad” it says {other} ({otherShare}): “The film is not at all.” The model needs both words together.',
        zh: '去掉“not”，模型说“{one}”（{oneShare}），不意外。去掉“bad”，只剩“The film is not at all.”，它说“{other}”（{otherShare}）。模型需要这两个词合在一起。',
      },
      find: async (measure) => {
        const [whole, one, other] = (await Promise.all(
          [NEGATED, without('not'), without('bad')].map((text) => measure.answer(plain(text))),
        )) as [Awaited<ReturnType<Measure['answer']>>, Awaited<ReturnType<Measure['answer']>>, Awaited<ReturnType<Measure['answer']>>]
        const flips = [one.label !== whole.label, other.label !== whole.label]
        return {
          holds: flips[0] === true && flips[1] === true,
          outcome: flips[0] ? (flips[1] ? 2 : 0) : flips[1] ? 1 : 3,
          numbers: { one: one.label, oneShare: { share: one.probability }, other: other.label, otherShare: { share: other.probability } },
        }
      },
    },
    {
      id: 'context',
      page: { textA: NEGATED, textB: PLAIN_BAD, tab: 'attribution', methods: ['leave-one-out'] },
      say: {
        en: 'The word “bad” stands in A and in B. Leave one out measures what the answer loses without it.',
        zh: 'A 和 B 里都有“bad”。留一法测量的是：没有它，答案会减弱多少。',
      },
      question: { en: 'What does “bad” speak for?', zh: '“bad”支持的是什么？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'For negative in both', zh: '在两句里都支持负面' },
          { en: 'For positive in A, for negative in B', zh: '在 A 里支持正面，在 B 里支持负面' },
          { en: 'For positive in both', zh: '在两句里都支持正面' },
        ],
      },
      reveal: {},
      explain: {
        en: 'In A it adds {inA} logits to the answer positive, because “not” turned it round; in B it adds {inB} to the answer negative. A word has no weight of its own: it has one in its sentence.',
        zh: '在 A 里，因为有“not”，它给“正面”加了 {inA} 个 logit；在 B 里，它给“负面”加了 {inB}。词没有固定的分量，只有在句子里的分量。',
      },
      find: async (measure) => {
        const [a, b, answerA, answerB] = await Promise.all([
          measure.contributions(plain(NEGATED), 'leave-one-out'),
          measure.contributions(plain(PLAIN_BAD), 'leave-one-out'),
          measure.answer(plain(NEGATED)),
          measure.answer(plain(PLAIN_BAD)),
        ])
        const inA = a.values[placeOf(a.tokens, 'bad')] ?? Number.NaN
        const inB = b.values[placeOf(b.tokens, 'bad')] ?? Number.NaN
        const holds = inA > 1 && inB > 1 && answerA.label === 'POSITIVE' && answerB.label === 'NEGATIVE'
        return { holds, outcome: holds ? 1 : inA < 0 ? 0 : 2, numbers: { inA, inB } }
      },
    },
    {
      id: 'order',
      page: { textA: TURN, textB: TURNED, tab: 'attribution', methods: ['leave-one-out'] },
      say: { en: 'A and B say the same two things, in another order.', zh: 'A 和 B 说的是同样的两件事，只是顺序不同。' },
      question: { en: 'What does the model answer?', zh: '模型会怎样回答？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'The same to both', zh: '两句一样' },
          { en: 'A negative, B positive', zh: 'A 负面，B 正面' },
          { en: 'A positive, B negative', zh: 'A 正面，B 负面' },
        ],
      },
      reveal: {},
      explain: {
        en: 'A: {a} ({aShare}). B: {b} ({bShare}). The half after “but” decides, as it does for many readers.',
        zh: 'A：{a}（{aShare}）。B：{b}（{bShare}）。“but”之后的那一半起决定作用，很多读者也是这样理解的。',
      },
      find: async (measure) => {
        const [a, b] = await Promise.all([measure.answer(plain(TURN)), measure.answer(plain(TURNED))])
        const holds = a.label === 'NEGATIVE' && b.label === 'POSITIVE'
        return {
          holds,
          outcome: a.label === b.label ? 0 : holds ? 1 : 2,
          numbers: { a: a.label, aShare: { share: a.probability }, b: b.label, bShare: { share: b.probability } },
        }
      },
    },
    {
      id: 'neutral',
      page: { textA: NEUTRAL, tab: 'attribution', methods: ['leave-one-out'] },
      say: { en: '“I watched it.” Nobody praises, nobody blames.', zh: '“I watched it.”（我看了。）既没有夸，也没有贬。' },
      question: { en: 'How likely does the model find positive, in percent?', zh: '模型认为“正面”的概率是百分之多少？' },
      predict: { kind: 'number', min: 0, max: 100, within: 10, unit: { en: '%', zh: '%' } },
      reveal: {},
      explain: {
        en: '{share}. It has two answers and no third. A high probability says that the model is far from its own border, not that it is right.',
        zh: '{share}。它只有两个选项，没有第三个。概率高只说明离模型自己的分界线远，不说明它对。',
      },
      find: async (measure) => {
        const answer = await measure.answer(plain(NEUTRAL))
        const share = answer.ranked.find(({ label }) => label === 'POSITIVE')?.probability ?? Number.NaN
        return { holds: share > 0.9, outcome: Math.round(share * 100), numbers: { share: { share } } }
      },
    },
    {
      id: 'methods',
      page: { textA: PLAIN_BAD, tab: 'attribution', methods: ['leave-one-out'] },
      say: {
        en: 'Leave one out asks the model anew for each word. Input × gradient only looks how steep the answer is where it stands. “bad” is the word here.',
        zh: '留一法对每个词都重新问一次模型；输入×梯度只看答案在当前位置有多陡。这里的关键词是“bad”。',
      },
      question: { en: 'Which word does input × gradient find strongest?', zh: '输入×梯度认为哪个词最强？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: '“bad”, too', zh: '也是“bad”' },
          { en: 'Another one', zh: '别的词' },
        ],
      },
      reveal: { methods: ['leave-one-out', 'input-x-gradient'] },
      explain: {
        en: 'It says “{gradient}”; leave one out says “{left}” ({value} logits). The model is so sure that its answer is flat here, and a slope tells little on flat ground. If methods disagree, believe the one that asked the model.',
        zh: '它说是“{gradient}”；留一法说是“{left}”（{value} 个 logit）。模型太有把握，答案在这里几乎是平的，平地上的坡度说明不了什么。方法不一致时，相信真正问过模型的那一个。',
      },
      find: async (measure) => {
        const [left, gradient] = await Promise.all([
          strongestToken(plain(PLAIN_BAD), measure, 'leave-one-out'),
          strongestToken(plain(PLAIN_BAD), measure, 'input-x-gradient'),
        ])
        return {
          holds: left.word === 'bad' && gradient.word !== 'bad',
          outcome: gradient.word === 'bad' ? 0 : 1,
          numbers: { gradient: gradient.word, left: left.word, value: left.value },
        }
      },
    },
  ],
  presets: [
    {
      title: { en: 'Hardly bad', zh: '几乎不差' },
      look: { en: 'Does “hardly” work like “not”?', zh: '“hardly”和“not”作用一样吗？' },
      page: { textA: 'The film is hardly bad.', tab: 'what-if' },
    },
    {
      title: { en: 'A waste of good actors', zh: '浪费好演员' },
      look: { en: 'Which word decides, and which does nothing?', zh: '哪个词起决定作用？哪个几乎不起作用？' },
      page: { textA: 'A waste of good actors.', tab: 'what-if' },
    },
    {
      title: { en: 'Not recommended', zh: '不推荐' },
      look: { en: 'One small word: what does it turn over?', zh: '一个小词能翻转什么？' },
      page: { textA: 'I would not recommend it.', textB: 'I would recommend it.', tab: 'attribution' },
    },
    {
      title: { en: 'Together or alone', zh: '合在一起' },
      look: { en: 'Which two words need each other?', zh: '哪两个词互相依赖？' },
      page: { textA: NEGATED, tab: 'what-if', whatIfView: 'interactions', interactions: 'on', unit: 'word' },
    },
  ],
  exercises: [
    {
      id: 'flip',
      page: { textA: 'A waste of good actors.', tab: 'attribution', methods: ['leave-one-out'] },
      task: {
        en: 'The model calls this negative. Make it positive by changing, adding or removing exactly one word.',
        zh: '模型认为这句话是负面的。只改动、添加或删除一个词，让它变成正面。',
      },
      hints: [
        { en: 'Which word does the answer rest on? Look at the tint of the text.', zh: '答案靠哪个词？看文本的着色。' },
        { en: 'Put something in the place of “waste” that one would like.', zh: '把“waste”换成一个让人喜欢的东西。' },
        { en: 'A festival, a team, a wealth of good actors ...', zh: '比如一场好演员的盛会、一支团队、一大批……' },
      ],
      remarks: {
        right: { en: 'One word, and the model says {answer} with {share}.', zh: '改一个词，模型就说“{answer}”（{share}）。' },
        not: { en: 'It still says {answer}, with {share}.', zh: '它仍说“{answer}”（{share}）。' },
        many: { en: 'That changes {count} words; one is asked for.', zh: '你改了 {count} 个词，要求只改一个。' },
        none: { en: 'The text is as it was.', zh: '文本还没有改动。' },
        edited: {
          en: 'Type into the text itself: edits of single tokens are not counted here.',
          zh: '请直接在文本中修改：对单个词元的编辑不计入本题。',
        },
      },
      check: async ({ a }, measure) => {
        const count = changedWords('A waste of good actors.', a.text)
        if (a.edits.length > 0) return { isSolved: false, remark: 'edited', numbers: {} }
        if (count !== 1) return { isSolved: false, remark: count === 0 ? 'none' : 'many', numbers: { count } }
        const answer = await measure.answer(a)
        const isSolved = answer.label === 'POSITIVE'
        return { isSolved, remark: isSolved ? 'right' : 'not', numbers: { answer: answer.label, share: { share: answer.probability } } }
      },
    },
    {
      id: 'disagree',
      page: { textA: 'A wonderful, moving film.', tab: 'attribution', methods: ['leave-one-out', 'input-x-gradient'] },
      task: {
        en: 'Write a text on which leave one out and input × gradient name different words as the strongest.',
        zh: '写一段文本，让留一法和输入×梯度认为最强的词不同。',
      },
      hints: [
        { en: 'Where did they disagree in the last step?', zh: '上一步里，它们在什么情况下不一致？' },
        { en: 'The surer the model, the flatter its answer: take a clear judgement.', zh: '模型越有把握，答案越平：选一句评价明确的话。' },
        { en: 'Try a short sentence with one strong word for or against the film.', zh: '试试一句短句，其中只有一个很强的褒义或贬义词。' },
      ],
      remarks: {
        right: { en: 'Leave one out: “{left}”. Input × gradient: “{gradient}”.', zh: '留一法：“{left}”。输入×梯度：“{gradient}”。' },
        agree: { en: 'Both name “{left}”.', zh: '两者都认为是“{left}”。' },
        short: { en: 'Write at least three words.', zh: '请至少写三个词。' },
      },
      check: async ({ a }, measure) => {
        if (wordsOf(a.text).length < 3) return { isSolved: false, remark: 'short', numbers: {} }
        const [left, gradient] = await Promise.all([
          strongestToken(a, measure, 'leave-one-out'),
          strongestToken(a, measure, 'input-x-gradient'),
        ])
        const isSolved = left.word !== gradient.word
        return { isSolved, remark: isSolved ? 'right' : 'agree', numbers: { left: left.word, gradient: gradient.word } }
      },
    },
    {
      id: 'unsure',
      page: { textA: 'The film is okay.', tab: 'attribution', methods: ['leave-one-out'] },
      task: {
        en: 'Write a sentence of at least four words of which the model is not sure: both answers between 40 and 60 percent.',
        zh: '写一句至少四个词的话，让模型拿不定主意：两个答案都在 40% 到 60% 之间。',
      },
      hints: [
        { en: 'Which of the two does it say now? Pull the other way, a little.', zh: '它现在偏向哪一边？往另一边拉一点。' },
        { en: 'Praise and blame in one sentence, without “but”.', zh: '一句话里既有褒又有贬，不用“but”。' },
        {
          en: 'Sentences about people instead of films are often near the border. Try jobs.',
          zh: '写人而不是写电影的句子往往接近分界线，试试职业。',
        },
      ],
      remarks: {
        right: { en: '{answer}, but only {share}: near the border.', zh: '“{answer}”，但只有 {share}：就在分界线附近。' },
        sure: { en: 'It is sure: {answer} with {share}.', zh: '它很有把握：“{answer}”，{share}。' },
        short: { en: 'Write at least four words.', zh: '请至少写四个词。' },
      },
      check: async ({ a }, measure) => {
        if (wordsOf(a.text).length < 4) return { isSolved: false, remark: 'short', numbers: {} }
        const answer = await measure.answer(a)
        const isSolved = answer.probability <= 0.6
        return { isSolved, remark: isSolved ? 'right' : 'sure', numbers: { answer: answer.label, share: { share: answer.probability } } }
      },
    },
  ],
  openTask: {
    en: 'Find a pair of sentences that mean the same to you and get different answers. Write down both, and what you think the model listens to.',
    zh: '找两句你觉得意思相同、模型答案却不同的话。把两句都写下来，并说说你认为模型在听什么。',
  },
  summary: [
    {
      en: 'Change one thing, ask again, compare: that shows what the answer rests on.',
      zh: '改一处，再问一次，比较结果：这就能看出答案靠的是什么。',
    },
    { en: 'A word’s effect depends on the others: “bad” can speak for positive.', zh: '词的作用取决于其他词：“bad”也可能支持正面。' },
    { en: 'A counterfactual is the smallest change that turns the answer over.', zh: '反事实就是让答案翻转的最小改动。' },
    { en: 'Probability is the model’s distance from its border, not its truth.', zh: '概率表示离模型分界线的远近，不表示正确与否。' },
  ],
  teacher: {
    opening: {
      en: 'Hang up “The film is not bad at all.” Ask the class to cover one word so that the meaning turns over, and to vote which word the model needs.',
      zh: '展示“The film is not bad at all.”。让学生遮住一个词，使意思反过来，再投票：模型最需要哪个词？',
    },
    investigation: {
      en: 'Steps 1 to 5 in pairs, then the exercises. The second may be hard at first: point to the hint about sureness.',
      zh: '两人一组完成第 1 到 5 步，再做练习。第二题可能较难，可提示“模型很有把握时”。',
    },
    discussion: [
      {
        en: '“The film is not at all.” is hardly English. Does leaving words out ask the model about texts that nobody writes?',
        zh: '“The film is not at all.”几乎不成句。去掉词语，是不是在拿没人会写的文本问模型？',
      },
      {
        en: 'Two methods, two strongest words: which one would you show to someone whose application was refused?',
        zh: '两种方法给出两个最强的词：如果有人的申请被拒，你会给他看哪一个？',
      },
      { en: 'What is the difference between “sure” and “right”?', zh: '“有把握”和“正确”有什么区别？' },
    ],
    closing: {
      en: 'Collect the smallest changes that the pairs found. Which one is the most surprising? Read the summary.',
      zh: '收集各组找到的最小改动，看哪一个最出乎意料。一起读总结。',
    },
    misunderstandings: [
      {
        belief: { en: '“bad” is a negative word, so it pulls to negative.', zh: '“bad”是贬义词，所以总是拉向负面。' },
        answer: {
          en: 'Step 2: behind “not” it pulls to positive, with several logits.',
          zh: '第 2 步：在“not”后面，它会把答案拉向正面，而且有好几个 logit。',
        },
      },
      {
        belief: { en: '99 percent means that the model is right in 99 of 100 cases.', zh: '99% 表示一百次里对九十九次。' },
        answer: { en: 'Step 4: a neutral sentence gets a very high number as well.', zh: '第 4 步：一句中性的话也得到很高的数值。' },
      },
      {
        belief: { en: 'All methods measure the same thing.', zh: '所有方法测的是同一件事。' },
        answer: { en: 'Step 5: one asks about absence, the other about slope.', zh: '第 5 步：一个问“没有它会怎样”，一个问“坡度多大”。' },
      },
    ],
    solutions: {
      en: 'First exercise: another noun for “waste”. Second: a clear short judgement. Third: mixed or off-topic sentences. The page checks any answer with the model.',
      zh: '练习一：把“waste”换成别的名词。练习二：评价明确的短句。练习三：褒贬混合或与电影无关的句子。任何答案都由页面用模型检查。',
    },
    age: {
      en: 'From about 13 years. “Logit” may be read as “points for the answer”.',
      zh: '适合约 13 岁以上。“logit”可以理解为“给答案的分数”。',
    },
  },
}
