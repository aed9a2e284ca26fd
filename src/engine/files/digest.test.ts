import { expect, it } from 'vitest'
import { sha256Digest } from './digest.ts'

it('is SHA-256 in hexadecimal', async () => {
  expect(await sha256Digest()?.(new TextEncoder().encode('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

it('is missing on an insecure page', () => {
  expect(sha256Digest({})).toBeNull()
  expect(sha256Digest({ crypto: {} as Crypto })).toBeNull()
})
