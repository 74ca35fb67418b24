// Lets the picture of a series follow its sliders ahead of the page: while a hand moves one, the
// server is asked for the picture alone. The page comes after it, with all the rest.
// The server puts `const PLOTS = "address of plot.js"` and `const HAND = "address of hand.js"`
// before this.

let plots, shared
let hand = null
let page = null // the component, as the page drew it last
let wish = null // what the sliders say, until its picture is drawn
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
  new MutationObserver(slid).observe(document.body, { subtree: true, attributeFilter: ["value"] })
  const addresses = [HAND, PLOTS].map((address) => new URL(address, import.meta.url))
  ;[shared, plots] = await Promise.all(addresses.map((address) => import(address)))
  hand = new shared.Hand((target) =>
    sliders().some(([, slider]) => slider.closest(".stSlider").contains(target)),
  )
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
  if (!hand?.moves || !page.element.isConnected) return
  const all = sliders()
  if (!changes.some(({ target }) => all.some(([, slider]) => slider === target))) return
  wish = new URLSearchParams(all.map(([name, slider]) => [name, slider.value])).toString()
  clearTimeout(waiting)
  waiting = setTimeout(waited, shared.WAIT_MILLISECONDS)
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
      const picture = await shared.ask(new URL(`preview/${token}?${asked}`, import.meta.url))
      if (token !== page.data.token) continue
      if (picture) await plots.drawAhead(plot, picture)
      else plots.settle() // the page comes to it by itself
      if (wish === asked) wish = null
    }
  } finally {
    working = false
  }
}

function waited() {
  if (hand.down) waiting = setTimeout(waited, shared.WAIT_MILLISECONDS)
  else plots.settle()
}
