// What every probe of the real page needs: the keys as they were pressed, and the end of a frame. Serialised into the page before its own
// scripts, so it must not use anything from outside.

export interface PageWatch {
  /** @param take hears of every key that changed the text: the new text, and when the key was pressed and its input event was made */
  onKey(take: (text: string, pressed: number, typed: number) => void): void
  /** Calls `done` with the page's clock when the next frame has been painted. */
  afterFrame(done: (time: number) => void): void
  /** Without white space. */
  bare(text: string): string
}

declare global {
  interface Window {
    pageWatch: PageWatch
  }
}

/** Installs `window.pageWatch`; before any probe. */
export function installPageWatch(): void {
  let pressed: number | null = null
  addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), true)
  window.pageWatch = {
    onKey: (take) =>
      addEventListener(
        'input',
        ({ target, timeStamp }) => {
          if (!(target instanceof HTMLTextAreaElement) || pressed === null) return
          take(target.value, pressed, timeStamp)
          pressed = null
        },
        true,
      ),
    afterFrame: (done) =>
      void requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => done(performance.now())
        port2.postMessage(null)
      }),
    bare: (text) => text.replace(/\s/g, ''),
  }
}
