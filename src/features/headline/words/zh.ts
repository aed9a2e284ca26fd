// Chinese words of the headline.

import type { words as english } from './en.ts'

export const words: typeof english = {
  headline: {
    waiting: '哪些词起决定作用？模型就绪后将逐词去掉来检验。',
    and: '{{first}}和{{last}}',
    list: '{{first}}、{{last}}',
    measuring: '正在逐词留一：{{done}} / {{all}}。',
    measuringPassages: '正在逐段留一：{{done}} / {{all}}。',
    searching: '正在寻找改变结果所需的最少词语。',
    one: '{{words}}起决定作用：去掉它，结果变为{{answer}}。',
    each: '{{words}}各自都起决定作用：去掉其中任何一个，结果都变为{{answer}}。',
    eachOther: '{{words}}各自都起决定作用：去掉{{first}}，结果变为{{answer}}；去掉{{second}}，变为{{other}}。',
    many: '{{first}}、{{second}}以及另外 {{count}} 个词各自都起决定作用：去掉{{first}}，结果变为{{answer}}。',
    every: '每个词都起决定作用：去掉任何一个，结果都会改变；去掉{{first}}，结果变为{{answer}}。',
    together: '{{words}}共同起决定作用：全部去掉后结果变为{{answer}}，只去掉其中一部分则不变。',
    noneAlone: '没有哪个词单独起决定作用。影响最大的是{{words}}：去掉它，{{name}}从 {{before}} 降到 {{after}}。',
    noneAloneFlat: '没有哪个词单独起决定作用：去掉任何一个，结果仍为{{name}}。',
    noneAlonePassage: '没有哪一段单独起决定作用。影响最大的是{{words}}：去掉它，{{name}}从 {{before}} 降到 {{after}}。',
    pair: '{{words}}共同起决定作用：两个都去掉，结果变为{{answer}}；只去掉一个则不变。',
    noneAloneFlatPassage: '没有哪一段单独起决定作用：去掉任何一段，结果仍为{{name}}。',
    masked: '影响最大的是{{words}}：遮盖它，结果变为{{answer}}；删除它，结果不变。',
    number: '对数值影响最大的是{{words}}：{{drop}}。',
    nothing: '只有一个词，没有其他词可比较。',
    unsure: '模型并不确定：{{answer}}。',
    of: '{{side}}：',
    agree: 'Shapley 值同样指向{{words}}。',
    disagree: 'Shapley 值认为影响最大的是{{words}}。',
    removedMask: '比较各词时，“去掉”指替换为掩码；改变结果的词则是删除的。',
    removedDelete: '“去掉”指删除。',
  },
}
