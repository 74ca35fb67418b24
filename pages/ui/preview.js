// Lets the picture of a series follow its sliders ahead of the page: while a hand moves one, the
// server is asked for the picture alone. The page comes after it, with all the rest.
// The server puts `const PLOTS = "address of plot.js"` before this.

const HAND_MILLISECONDS = 100 // so long after a key or a pointer a slider moves because of it
const WAIT_MILLISECONDS = 2000 // a page that does not come to a picture is then shown as it is

let plots
let page = null // the component, as the page drew it last
let wish = null // what the sliders say, until its picture is drawn
let pointer = false // whether it is down on a slider
let moved = -Infinity // when a hand last moved one
let working = false
let waiting

export default function ({ data, parentElement }) {
  if (page === null) listen()
  else if (page.data.token !== data.token) {
    wish = null // of another series
    plots?.settle()
  }
  page = { data, element: parentElement }
}

async function listen() {
  document.addEventListener("keydown", ({ target }) => touched(target), true)
  document.addEventListener("pointerdown", ({ target }) => (pointer = touched(target)), true)
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, () => {
      if (pointer) moved = performance.now()
      pointer = false
    })
  }
  new MutationObserver(slid).observe(document.body, { subtree: true, attributeFilter: ["value"] })
  plots = await import(new URL(PLOTS, import.meta.url))
}

function touched(target) {
  const on = sliders().some(([, slider]) => slider.closest(".stSlider").contains(target))
  if (on) moved = performance.now()
  return on
}

// The sliders that shape the series, each with its name.
function sliders() {
  const found = page.data.sliders.map((name) => [
    name,
    document.querySelector(`.st-key-${CSS.escape(name)} .stSlider input`),
  ])
  return found.filter(([, slider]) => slider)
}

// The page moves the sliders, too.
function slid(changes) {
  if (!plots || !page.element.isConnected) return
  if (!pointer && performance.now() - moved > HAND_MILLISECONDS) return
  const all = sliders()
  if (!changes.some(({ target }) => all.some(([, slider]) => slider === target))) return
  wish = new URLSearchParams(all.map(([name, slider]) => [name, slider.value])).toString()
  clearTimeout(waiting)
  waiting = setTimeout(waited, WAIT_MILLISECONDS)
  work()
}

// One request at a time, and then the newest wish.
async function work() {
  if (working) return
  working = true
  try {
    while (wish !== null) {
      const asked = wish
      const { token, plot } = page.data
      const picture = await ask(token, asked)
      if (token !== page.data.token) continue
      if (picture) await plots.drawAhead(plot, picture)
      else plots.settle() // the page comes to it by itself
      if (wish === asked) wish = null
    }
  } finally {
    working = false
  }
}

// Without an answer there is nothing to draw, and the page comes by itself.
async function ask(token, query) {
  const address = new URL(`preview/${token}?${query}`, import.meta.url)
  try {
    const signal = AbortSignal.timeout(WAIT_MILLISECONDS)
    const answer = await fetch(address, { cache: "no-store", signal })
    if (answer.ok) return await answer.json()
  } catch (error) {
    // The server is away, or the page is being left.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
  }
  return null
}

function waited() {
  if (pointer) waiting = setTimeout(waited, WAIT_MILLISECONDS)
  else plots.settle()
}
