// Chinese words of what several questions ask: the target, removals, gradients, what is being found out.

import type { target as english } from '../en/target.ts'

export const target: typeof english = {
  target: {
    target: '目标',
    explains: '所选词元',
    explainsWhat: { itself: '“{{token}}”本身', after: '它之后的内容' },
    toAnswer: '答案是“{{answer}}”：改为解释它',
    foil: '对照',
    noFoil: '无',
    logitAlone: '词表中各词元的 logit 会一同升降，单个 logit 说明不了多少。请选择对照的词元，或改用对数概率。',
    against: '{{target}} 对照 {{foil}}',
    space: '尺度',
    spaces: { score: 'logit', probability: '概率', 'log-probability': '对数概率' },
    units: { score: 'logit', probability: '概率', 'log-probability': '奈特' },
  },
  gradients: {
    onRequest: '此模型较大，默认不带梯度：添加梯度约需多占 {{bytes}} 内存，启动也更慢。',
    load: '添加梯度',
    coming: '正在添加梯度；不需要梯度的方法照常可用。',
    notStarted: '此模型在这里没有梯度：未识别出其词嵌入，或带梯度的计算图无法启动。',
    impossible: '此模型在这里无法求导，原因是：{{operators}}。仍可查看注意力，也可手动改词。',
  },
  removal: {
    removal: '移除方式',
    by: '移除方式：{{how}}',
    removals: {
      mask: '掩码词元',
      delete: '删除',
      pad: '填充词元',
      zero: '零嵌入',
      neighbour: '最近邻词',
    },
    unit: '单元',
    unitsTaken: { token: '词元', word: '单词', sentence: '句子' },
  },
  asked: {
    running: '计算中……',
    stop: '停止',
    stopped: '已停止，以下为目前的结果。',
    again: '重新开始',
    noAnswer: '此模型本身不作回答，因此没有可归因的内容。',
  },
}
