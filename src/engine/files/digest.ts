// SHA-256 by the browser. A page served over plain http on a local network has no crypto.subtle: sizes are then all that is checked.

export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<string>

/** Lower-case hexadecimal SHA-256, or null where the browser offers none. */
export function sha256Digest(scope: { readonly crypto?: Crypto } = globalThis): Digest | null {
  const subtle: SubtleCrypto | undefined = scope.crypto?.subtle
  if (subtle === undefined) return null
  return async (bytes) =>
    Array.from(new Uint8Array(await subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
