// What those who go ahead of the page share: whether a hand moves a slider, and asking the server.

const HAND_MILLISECONDS = 100 // so long after a key or a pointer a slider moves because of it
export const WAIT_MILLISECONDS = 2000 // who has not answered by then does not

// Whether a hand is at work on the elements of which `on` says that they count.
export class Hand {
  #on
  #down = false
  #moved = -Infinity

  constructor(on) {
    this.#on = on
    document.addEventListener("keydown", ({ target }) => this.#touched(target), true)
    document.addEventListener("pointerdown", ({ target }) => (this.#down = this.#touched(target)), true)
    for (const name of ["pointerup", "pointercancel"]) {
      window.addEventListener(name, () => {
        if (this.#down) this.#moved = performance.now()
        this.#down = false
      })
    }
  }

  // A pointer is down on one of them.
  get down() {
    return this.#down
  }

  // When one of them was last touched.
  get touched() {
    return this.#down ? Infinity : this.#moved
  }

  // One of them moves because of a hand. The page moves sliders, too.
  get moves() {
    return this.#down || performance.now() - this.#moved <= HAND_MILLISECONDS
  }

  #touched(target) {
    const on = Boolean(this.#on(target))
    if (on) this.#moved = performance.now()
    return on
  }
}

// The answer's JSON, or null: then there is nothing to draw, and the page comes by itself.
export async function ask(address) {
  try {
    const signal = AbortSignal.timeout(WAIT_MILLISECONDS)
    const answer = await fetch(address, { cache: "no-store", signal })
    if (answer.status === 200) return await answer.json()
  } catch (error) {
    // The server is away, or the page is being left.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
  }
  return null
}
