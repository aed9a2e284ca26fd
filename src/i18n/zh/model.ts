// Chinese words of the model beside its name: loading, and where it runs.

import type { model as english } from '../en/model.ts'

export const model: typeof english = {
  model: {
    label: '模型',
    dialog: '模型',
    close: '关闭',
    asks: {
      classifier: '属于哪一类？',
      'token-classifier': '每个词元属于哪一类？',
      'masked-lm': '被遮盖处是什么？',
      'causal-lm': '下一个是什么？',
      encoder: '两段文本有多相似？',
    },
    questions: { 'minilm-sst2': '这条影评是正面还是负面？' },
    names: { 'minilm-sst2': 'MiniLM 情感分类', 'smollm2-135m-instruct': 'SmolLM2 135M' },
    loading: '正在加载模型',
    progress: '{{received}} / {{total}}',
    fromCache: '来自本机缓存',
    secondsLeft_one: '约剩 {{count}} 秒',
    secondsLeft_other: '约剩 {{count}} 秒',
    stages: {
      list: '查询模型',
      read: '读取文件',
      verify: '校验中',
      prepare: '改写计算图',
      start: '启动中',
      'self-check': '比较 WebGPU 与 WASM',
    },
    retry: '连接中断；{{seconds}} 秒后第 {{attempt}} 次重试',
    cancel: '停止加载',
    cancelled: '已停止加载。您输入的内容仍保留。',
    tryAgain: '重试',
    fetch: '获取',
    back: '回到 MiniLM',
    asking: {
      foreign: '此链接涉及模型 {{name}}。它将从 {{host}} 获取；目前尚未向其发出任何请求。',
      local: '此链接涉及某台设备上的模型文件 {{name}}。请在“模型”中重新选择这些文件。',
    },
    notLoaded: '未加载',
    ready: '就绪',
    precomputed: '预计算的示例',
    drop: '把模型文件拖到这里',
  },
  backend: {
    label: '运行位置',
    wasm_one: 'WASM，{{count}} 线程',
    wasm_other: 'WASM，{{count}} 线程',
    webgpu: 'WebGPU',
    prefer: '偏好',
    auto: '自动',
    reasons: {
      'agrees-with-wasm': '使用 WebGPU：在测试句上与 WASM 的 logit 相差 {{difference}}。',
      'no-webgpu': '使用 WASM：此浏览器没有 WebGPU。',
      'no-adapter': '使用 WASM：浏览器没有找到可用于 WebGPU 的显卡。',
      'webgpu-failed': '使用 WASM：WebGPU 无法启动此模型。',
      'webgpu-disagrees': '使用 WASM：WebGPU 在测试句上与 WASM 的结果不一致。',
      'chosen-by-reader': '按您的选择使用 WASM。',
    },
    notIsolated: '仅单线程：此页面的服务器没有发送隔离响应头。',
  },
}
