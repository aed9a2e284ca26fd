// Lesson 1: what the model reads instead of words.

import type { Lesson } from './lesson.ts'
import { placeOf, plain } from './measure.ts'

const KNOWN = 'The film is not bad at all.'
const SPLIT = 'Unbelievably tiresome.'
const INVENTED = 'The film is xyzzy.'
const CHINESE = '这部电影一点也不差。'

/** Tokens of the text itself, without the two of the model's template. */
const own = (tokens: readonly string[]): readonly string[] => tokens.filter((token) => token !== '[CLS]' && token !== '[SEP]')

export const tokens: Lesson = {
  id: 'tokens',
  model: 'minilm-sst2',
  goal: {
    en: 'A language model never sees letters or words. It sees tokens: pieces out of a fixed list. After this lesson you can say how a text is cut, why rare words fall apart, and what gets lost.',
    zh: '语言模型看不到字母，也看不到词，它看到的是词元：固定词表里的片段。学完这一课，你能说明文本是怎样切分的，少见的词为什么会被拆开，以及切分时丢失了什么。',
  },
  steps: [
    {
      id: 'count',
      page: { textA: KNOWN, tab: 'attention' },
      say: {
        en: 'The sentence above has seven words and a full stop. The model adds tokens of its own before it reads.',
        zh: '上面这句话有七个英文词和一个句号。模型在读之前，还会加上它自己的词元。',
      },
      question: { en: 'How many tokens does the model read in all?', zh: '模型一共读到多少个词元？' },
      predict: { kind: 'number', min: 1, max: 40, within: 0, unit: { en: 'tokens', zh: '个词元' } },
      reveal: { specials: 'shown' },
      explain: {
        en: '{words} come from the text: each of these words is common enough to be one token, and the full stop is a token, too. [CLS] at the front and [SEP] at the end are the model’s own. Most of the verdict is read off at [CLS].',
        zh: '其中 {words} 个来自文本：这几个词都很常见，各占一个词元，句号也算一个。最前面的 [CLS] 和最后的 [SEP] 是模型自己加的，判断结果就是从 [CLS] 处读出的。',
      },
      find: async (measure) => {
        const all = await measure.tokens(plain(KNOWN))
        const words = own(all).length
        return { holds: all.length === words + 2 && words === 8, outcome: all.length, numbers: { words } }
      },
    },
    {
      id: 'rare',
      page: { textA: SPLIT, tab: 'attention' },
      say: {
        en: 'Two words and a full stop. The list of tokens holds about 30 000 entries; not every English word is among them.',
        zh: '这次只有两个词和一个句号。词表大约有三万个条目，并不是每个英文词都在里面。',
      },
      question: { en: 'What happens to “Unbelievably”?', zh: '“Unbelievably” 会怎样？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'It stays one token', zh: '仍是一个词元' },
          { en: 'It is cut into several tokens', zh: '被切成几个词元' },
          { en: 'It is skipped as unknown', zh: '被当作未知词跳过' },
        ],
      },
      reveal: {},
      explain: {
        en: 'It becomes {pieces} tokens: {list}. They are not syllables and not “un + believable”: the cuts were learnt by counting which letter sequences are frequent. “tiresome” falls into {second}.',
        zh: '它变成了 {pieces} 个词元：{list}。这既不是音节，也不是“un + believable”这样的构词：切分方式是统计哪些字母组合最常出现而得来的。“tiresome”则切成 {second}。',
      },
      find: async (measure) => {
        const all = own(await measure.tokens(plain(SPLIT)))
        const end = placeOf(all, 'tires')
        const pieces = end
        return {
          holds: pieces > 2 && all.length === end + 3,
          outcome: pieces > 1 ? 1 : 0,
          numbers: { pieces, list: all.slice(0, end).join(' + '), second: all.slice(end, end + 2).join(' + ') },
        }
      },
    },
    {
      id: 'case',
      page: { textA: 'GOOD', textB: 'good', tab: 'attribution' },
      say: {
        en: 'The same word, shouted and said softly. This model was made from text in lower case.',
        zh: '同一个词，一个全大写，一个全小写。这个模型是用小写文本训练的。',
      },
      question: { en: 'How do the two answers differ?', zh: '两个结果有什么不同？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'GOOD is more positive', zh: 'GOOD 更偏正面' },
          { en: 'good is more positive', zh: 'good 更偏正面' },
          { en: 'Not at all', zh: '完全一样' },
        ],
      },
      reveal: {},
      explain: {
        en: 'Both are {answer} with {loud}, to the last digit. Capitals are removed before the text is cut: what the tokenizer drops, no layer can bring back.',
        zh: '两者都是{answer}，概率同为 {loud}，一位小数都不差。大写在切分之前就被去掉了：分词器丢掉的信息，后面任何一层都找不回来。',
      },
      find: async (measure) => {
        const [loud, soft] = await Promise.all([measure.answer(plain('GOOD')), measure.answer(plain('good'))])
        const gap = loud.probability - soft.probability
        return {
          holds: Math.abs(gap) < 1e-6 && loud.label === soft.label,
          outcome: Math.abs(gap) < 1e-6 ? 2 : gap > 0 ? 0 : 1,
          numbers: { answer: loud.label, loud: { share: loud.probability } },
        }
      },
    },
    {
      id: 'nonsense',
      page: { textA: INVENTED, tab: 'attribution' },
      say: {
        en: '“xyzzy” is no word at all. Nobody ever liked or disliked a xyzzy film.',
        zh: '“xyzzy” 根本不是词，没有人说过电影 xyzzy 是好是坏。',
      },
      question: { en: 'What does the model answer?', zh: '模型会怎样回答？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'Positive', zh: '正面' },
          { en: 'Negative', zh: '负面' },
          { en: 'About half and half', zh: '一半一半' },
        ],
      },
      reveal: { methods: ['leave-one-out'] },
      explain: {
        en: 'It says {answer} ({share}) with confidence. The invented word became {list}, and these pieces have meanings from other words. A model with two answers must give one of them; “I do not know this word” is not on its list.',
        zh: '它很有把握地说“{answer}”（{share}）。这个生造词切成了 {list}，而这些片段都带着来自别的词的含义。模型只有两个选项，必须选一个：“我不认识这个词”并不在选项里。',
      },
      find: async (measure) => {
        const [answer, all] = await Promise.all([measure.answer(plain(INVENTED)), measure.tokens(plain(INVENTED))])
        const pieces = own(all).slice(3, -1)
        const isHalf = answer.probability < 0.6
        return {
          holds: !isHalf && pieces.length > 1,
          outcome: isHalf ? 2 : answer.label === 'POSITIVE' ? 0 : 1,
          numbers: { answer: answer.label, share: { share: answer.probability }, list: pieces.join(' + ') },
        }
      },
    },
    {
      id: 'chinese',
      page: { textA: CHINESE, tab: 'attention' },
      say: {
        en: '“This film is not bad at all”, in Chinese. The model has learnt English film reviews only.',
        zh: '同样的意思，这次用中文写。这个模型只学过英文影评。',
      },
      question: { en: 'How is the sentence cut?', zh: '这句话会怎样切分？' },
      predict: {
        kind: 'choice',
        choices: [
          { en: 'Word by word, as Chinese readers would', zh: '像中国读者那样按词切' },
          { en: 'Character by character', zh: '一字一个词元' },
          { en: 'As one unknown token', zh: '整句成为一个未知词元' },
        ],
      },
      reveal: {},
      explain: {
        en: '{characters} characters give {count} tokens: one each. The list has hardly any Chinese words, so the text becomes longer, and what characters mean together must be put together by the layers. It answers {answer} ({share}), but that is a guess.',
        zh: '{characters} 个字符得到 {count} 个词元：一字一个。词表里几乎没有中文词，于是序列变长，字与字合起来的意思全靠后面各层去拼。它回答“{answer}”（{share}），但这只是猜测。',
      },
      find: async (measure) => {
        const [answer, all] = await Promise.all([measure.answer(plain(CHINESE)), measure.tokens(plain(CHINESE))])
        const count = own(all).length
        const characters = Array.from(CHINESE).length
        return {
          holds: count === characters,
          outcome: count === characters ? 1 : count === 1 ? 2 : 0,
          numbers: { characters, count, answer: answer.label, share: { share: answer.probability } },
        }
      },
    },
  ],
  presets: [
    {
      title: { en: 'A place name', zh: '地名' },
      look: { en: 'How many tokens is a long Welsh village?', zh: '一个很长的威尔士地名有多少个词元？' },
      page: { textA: 'We met in Llanfairpwllgwyngyll.', tab: 'attention' },
    },
    {
      title: { en: 'Numbers', zh: '数字' },
      look: { en: 'Where are 2026 and 12345 cut?', zh: '2026 和 12345 是从哪里切开的？' },
      page: { textA: 'It cost 2026 or 12345 or 1234567.', tab: 'attention' },
    },
    {
      title: { en: 'A typing error', zh: '打错字' },
      look: { en: 'One letter less: which tokens change?', zh: '少一个字母，哪些词元变了？' },
      page: { textA: 'A beautiful film.', textB: 'A beautful film.', tab: 'attribution' },
    },
    {
      title: { en: 'Emoji', zh: '表情符号' },
      look: { en: 'Does the model see it?', zh: '模型看得见它吗？' },
      page: { textA: 'A film 😀', tab: 'attention' },
    },
  ],
  exercises: [
    {
      id: 'most-pieces',
      page: { textA: 'A film about cats.', tab: 'attention' },
      task: {
        en: 'Write a text of one single word (no spaces) that is cut into at least 8 tokens, without the model’s own.',
        zh: '写一个由单独一个词组成的文本（不含空格），使它被切成至少 8 个词元，模型自己加的不算。',
      },
      hints: [
        { en: 'Frequent words stay whole. What is the opposite of frequent?', zh: '常用词不会被切开。与常用相反的是什么？' },
        { en: 'Chemistry, medicine and place names have long rare words.', zh: '化学、医学和地名里有很多又长又少见的词。' },
        { en: 'Or invent one: letters that seldom stand together are cut apart.', zh: '也可以自己造词：很少挨在一起的字母会被切开。' },
      ],
      remarks: {
        right: { en: '{count} tokens from one word.', zh: '一个词切成了 {count} 个词元。' },
        few: { en: 'That word gives {count} tokens, 8 are asked for.', zh: '这个词只切成 {count} 个词元，要求是 8 个。' },
        spaces: { en: 'Your text has {words} words; one is asked for.', zh: '你的文本有 {words} 个词，要求只有一个。' },
      },
      check: async ({ a }, measure) => {
        const words = a.text.trim().split(/\s+/).filter(Boolean).length
        if (words !== 1) return { isSolved: false, remark: 'spaces', numbers: { words } }
        const count = own(await measure.tokens(a)).length
        return { isSolved: count >= 8, remark: count >= 8 ? 'right' : 'few', numbers: { count } }
      },
    },
    {
      id: 'same-tokens',
      page: { textA: 'Naive, but good.', textB: 'Dull, but good.', tab: 'attribution' },
      task: {
        en: 'Make A and B two different texts that the model reads as exactly the same tokens.',
        zh: '让 A 和 B 是两段不同的文本，而模型读到的词元完全相同。',
      },
      hints: [
        { en: 'What did step 3 show that the tokenizer throws away?', zh: '第 3 步里，分词器丢掉了什么？' },
        { en: 'Capital letters go; so do accents, and spaces beyond the first.', zh: '大写会被去掉；重音符号和多余的空格也一样。' },
        { en: 'Keep B as A and change the case of one letter.', zh: '让 B 与 A 相同，再改一个字母的大小写。' },
      ],
      remarks: {
        right: { en: 'Different to you, the same {count} tokens to the model.', zh: '你看不一样，模型看都是同样的 {count} 个词元。' },
        same: {
          en: 'A and B are the same text: change something that you can see.',
          zh: 'A 和 B 是同一段文本：请改动一处你看得见的地方。',
        },
        none: { en: 'There is no sentence B: press Compare first.', zh: '还没有句子 B：请先点“比较”。' },
        differ: { en: 'They differ at “{one}” against “{other}”.', zh: '不同之处：“{one}”与“{other}”。' },
      },
      check: async ({ a, b }, measure) => {
        if (b === null) return { isSolved: false, remark: 'none', numbers: {} }
        if (a.text === b.text) return { isSolved: false, remark: 'same', numbers: {} }
        const [one, other] = await Promise.all([measure.tokens(a), measure.tokens(b)])
        // What a reader is shown keeps its capitals; what the model reads does not, nor accents.
        const read = (token: string | undefined): string => (token ?? '').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
        const place = Array.from({ length: Math.max(one.length, other.length) }, (_, at) => at).find(
          (at) => read(one[at]) !== read(other[at]),
        )
        if (place !== undefined)
          return { isSolved: false, remark: 'differ', numbers: { one: one[place] ?? '–', other: other[place] ?? '–' } }
        const [left, right] = await Promise.all([measure.answer(a), measure.answer(b)])
        return { isSolved: Math.abs(left.probability - right.probability) < 1e-6, remark: 'right', numbers: { count: one.length } }
      },
    },
  ],
  openTask: {
    en: 'Take a name from your own class, town or family. How is it cut, and how are names from other languages cut? Write down what that could mean for people whose names fall apart.',
    zh: '选一个你班上、家乡或家里的名字，看看它怎样切分，再看看其他语言的名字怎样切分。写下：名字被切碎，对这些人可能意味着什么？',
  },
  summary: [
    { en: 'A model reads tokens from a fixed list, not letters and not words.', zh: '模型读的是固定词表中的词元，不是字母，也不是词。' },
    {
      en: 'Frequent words are one token; rare, invented and foreign ones are cut into pieces.',
      zh: '常用词是一个词元；少见的、生造的、外语的词会被切成片段。',
    },
    { en: 'What the tokenizer drops, such as capitals here, is gone for good.', zh: '分词器丢掉的东西（比如这里的大小写）再也找不回来。' },
  ],
  teacher: {
    opening: {
      en: 'Ask: “How many things does a computer read in ‘Unbelievably tiresome.’?” Collect letters (22), words (2) and other answers on the board. Do not resolve it yet.',
      zh: '提问：“在 ‘Unbelievably tiresome.’ 里，计算机读到多少个东西？”把“字母（22 个）”“词（2 个）”等答案写在黑板上，先不揭晓。',
    },
    investigation: {
      en: 'In pairs: steps 1 to 5, then the two exercises. Each pair writes its guess down before it reveals. Who is done tries the presets.',
      zh: '两人一组：完成第 1 到 5 步，再做两个练习。先写下猜测，再揭晓。做完的小组可以试试示例。',
    },
    discussion: [
      {
        en: 'Why not one token a letter? (Texts would be five times longer, and a letter means nothing alone.)',
        zh: '为什么不一个字母一个词元？（序列会长五倍，而单个字母没有意义。）',
      },
      {
        en: 'Why not one a word? (The list would never end: names, typing errors, new words.)',
        zh: '为什么不一个词一个词元？（词表永远列不完：人名、错字、新词。）',
      },
      { en: 'Whose language is cut into more pieces, and what does that cost them?', zh: '谁的语言会被切得更碎？这会让他们付出什么代价？' },
    ],
    closing: {
      en: 'Back to the board: the pupils give the true number and explain it. Each writes the open task in two sentences.',
      zh: '回到黑板：学生说出真实的数目并解释原因。每人用两句话写下开放任务的答案。',
    },
    misunderstandings: [
      {
        belief: { en: 'Tokens are syllables or parts with a meaning.', zh: '词元就是音节，或有意义的构词成分。' },
        answer: {
          en: 'They are frequent letter sequences; step 2 shows cuts that no grammar makes.',
          zh: '词元是高频的字母组合；第 2 步的切法没有任何语法依据。',
        },
      },
      {
        belief: { en: 'The model does not know a word that it cuts.', zh: '被切开的词，模型就不认识。' },
        answer: {
          en: 'Layers put pieces together again: “tiresome” is two tokens, and the verdict on it is firm.',
          zh: '后面各层会把片段重新组合：“tiresome”是两个词元，判断依然很肯定。',
        },
      },
    ],
    solutions: {
      en: 'First exercise: long place names or invented words. Second: the same text in other case. The page checks any answer with the model.',
      zh: '练习一：很长的地名或生造词。练习二：同一文本换大小写。任何答案都由页面用模型检查。',
    },
    age: {
      en: 'From about 12 years; no mathematics needed. For English beginners, read the sentences aloud first.',
      zh: '适合约 12 岁以上，不需要数学基础。例句是英文，英语初学者可先一起朗读。',
    },
  },
}
