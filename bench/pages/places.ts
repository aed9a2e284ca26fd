/** The runtime's own files in the site. */
export const RUNTIME = new URL('../ort/', location.href).href

/** The folder of an embedded model in the site. */
export function modelFolder(id: string): URL {
  return new URL(`../models/${id}/`, location.href)
}
