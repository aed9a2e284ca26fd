import { describe, expect, it } from 'vitest'
import { parseHubName } from './hub-name.ts'

const HUB = 'https://hub.test/mirror'

describe('parseHubName', () => {
  it.each([
    ['owner/name', 'owner/name', null],
    [' /owner/na.me-1_x/ ', 'owner/na.me-1_x', null],
    ['https://huggingface.co/owner/name', 'owner/name', null],
    ['https://huggingface.co/owner/name/tree/refs%2Fpr%2F1/onnx', 'owner/name', 'refs/pr/1'],
    ['https://hub.test/mirror/owner/name/blob/v2/onnx/model.onnx', 'owner/name', 'v2'],
    ['https://huggingface.co/owner/name?x=1#readme', 'owner/name', null],
  ])('reads %s', (typed, repo, revision) => {
    expect(parseHubName(typed, HUB)).toEqual({ repo, revision })
  })

  it.each(['', 'name', 'a/b/c', '../name', 'owner/..', 'https://huggingface.co/', 'a b/c', 'javascript:alert(1)'])(
    'refuses %j',
    (typed) => {
      expect(parseHubName(typed, HUB)).toBeNull()
    },
  )
})
