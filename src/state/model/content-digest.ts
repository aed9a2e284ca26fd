// What files are, whatever they are called: a digest of their content, read a piece at a time, so that a gigabyte neither fills the
// memory nor holds up the page. The browser hashes off the page's thread.

import { EngineCallError } from '#protocol/client'
import type { OwnFile } from '#protocol/model-api'

/** Bytes that are in memory at once. */
const PIECE_BYTES = 8 * 2 ** 20
/** 64 bits: chance makes no two of a reader's choices alike. */
const DIGEST_BYTES = 8

/**
 * 16 hexadecimal digits, equal for equal files whatever their order. A page served over plain http on a local network has no
 * crypto.subtle: there each choice is a model of its own.
 * @throws EngineCallError `file-unreadable` for a file that was moved or changed since it was chosen
 */
export async function digestOfFiles(files: readonly OwnFile[], scope: { readonly crypto: Crypto } = globalThis): Promise<string> {
  const subtle: SubtleCrypto | undefined = scope.crypto.subtle
  if (subtle === undefined) return hexadecimal(scope.crypto.getRandomValues(new Uint8Array(DIGEST_BYTES)))
  const lines: string[] = []
  for (const { path, blob } of files) {
    try {
      lines.push(`${path} ${blob.size} ${(await digestsOfPieces(blob, subtle)).join(' ')}`)
    } catch {
      throw new EngineCallError({ kind: 'file-unreadable', message: `${path} cannot be read any more.`, data: { path } })
    }
  }
  return sha256(new TextEncoder().encode(lines.sort().join('\n')), subtle)
}

async function digestsOfPieces(blob: OwnFile['blob'], subtle: SubtleCrypto): Promise<readonly string[]> {
  const digests: string[] = []
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    digests.push(await sha256(await blob.slice(start, Math.min(start + PIECE_BYTES, blob.size)).arrayBuffer(), subtle))
  }
  return digests
}

/** The first 64 bits of SHA-256. */
async function sha256(bytes: BufferSource, subtle: SubtleCrypto): Promise<string> {
  return hexadecimal(new Uint8Array(await subtle.digest('SHA-256', bytes), 0, DIGEST_BYTES))
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
