// Scrubs through epochs ahead of the page: at a key, a click on a button or a move of the slider it
// asks the server for the pictures alone and draws them. Only then is the page told, for the words.
// The server puts `const PLOTS = "address of plot.js"` before this.

const KEYS = { ArrowLeft: -1, ArrowRight: 1 }
const BUTTONS = { ".st-key-inside-previous button": -1, ".st-key-inside-next button": 1 }
const SLIDER = ".st-key-inside-epoch"
const TEXTS = "input, textarea, select, [contenteditable=true]"
const HAND_MILLISECONDS = 100 // so long after a key or a pointer the slider moves because of it
const TELL_MILLISECONDS = 100 // the page is told at the latest so long after a key
const WAIT_MILLISECONDS = 2000 // a page that does not come to an epoch is then shown as it is
const SETTLE_MILLISECONDS = 50 // after it came to an epoch, all of the page is drawn
const MOST_KNOWN = 6 // the pictures of so many epochs are remembered

let plots
let page = null // the component, as the page drew it last
let wish = null // the epoch that is to be seen, until the page is there
let drawn = null // the wish whose pictures are drawn
let telling = false // whether the page has to be told of the wish
let told = null // what it was told, until it draws itself
let direction = 0
let pointer = false // whether it is down on the slider
let moved = -Infinity // when a hand last moved the slider
let working = false
let late, waiting
const known = new Map() // pictures by epoch, as one token gives them

export default function ({ data, parentElement, setTriggerValue }) {
  if (page === null) listen()
  if (page?.data.token !== data.token) {
    known.clear()
    drawn = null
    if (wish === null) plots?.settle()
  }
  page = { data, element: parentElement, tell: (epoch) => setTriggerValue("epoch", epoch) }
  const came = data.shown === wish && !telling && (told === null || told === wish)
  told = null
  if (came) {
    forget()
    // An answer that came too late, or none, has left an earlier epoch's pictures.
    waiting = setTimeout(plots.settle, SETTLE_MILLISECONDS)
    lookAhead()
  } else if (wish !== null) {
    work()
  }
}

async function listen() {
  document.addEventListener("click", clicked, true) // before Streamlit's button hears of it
  document.body.addEventListener("keydown", pressed) // so does this, and after any other widget
  document.addEventListener("keydown", ({ target }) => touched(target), true)
  document.addEventListener("pointerdown", ({ target }) => (pointer = touched(target)), true)
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, () => {
      if (pointer) moved = performance.now()
      pointer = false
    })
  }
  const attributes = { subtree: true, attributeFilter: ["aria-valuetext"] }
  new MutationObserver(slid).observe(document.body, attributes)
  plots = await import(new URL(PLOTS, import.meta.url))
}

function clicked(event) {
  const [, by] = Object.entries(BUTTONS).find(([name]) => event.target.closest?.(name)) ?? []
  if (by) take(event, by)
}

function pressed(event) {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event
  const typing = event.composedPath().some((each) => each.matches?.(TEXTS))
  if (KEYS[key] && !typing && !(altKey || ctrlKey || metaKey || shiftKey)) take(event, KEYS[key])
}

// Go to the epoch before or after, in the place of Streamlit's button.
function take(event, by) {
  if (!plots || !page.element.isConnected) return
  event.preventDefault()
  event.stopPropagation()
  const { epochs, chosen } = page.data
  const place = epochs.indexOf(wish ?? chosen) + by
  direction = by
  telling = true
  clearTimeout(late)
  late = setTimeout(tell, TELL_MILLISECONDS)
  look(epochs[Math.min(Math.max(place, 0), epochs.length - 1)])
}

function touched(target) {
  const on = Boolean(target.closest?.(SLIDER))
  if (on) moved = performance.now()
  return on
}

// The page moves the slider, too, and to where somebody was a while ago.
function slid(changes) {
  if (!plots || !page.element.isConnected) return
  if (!pointer && performance.now() - moved > HAND_MILLISECONDS) return
  const slider = changes.map(({ target }) => target).find((target) => target.closest(SLIDER))
  const epoch = Number(slider?.getAttribute("aria-valuetext"))
  const { epochs, shown } = page.data
  const from = wish ?? shown
  if (!epochs.includes(epoch) || epoch === from) return
  direction = Math.sign(epoch - from)
  look(epoch)
}

function look(epoch) {
  wish = epoch
  clearTimeout(waiting)
  waiting = setTimeout(waited, WAIT_MILLISECONDS)
  work()
}

// One request at a time, and then the newest wish.
async function work() {
  if (working) return
  working = true
  try {
    while (wish !== null && wish !== drawn) {
      const epoch = wish
      const { token } = page.data
      const pictures = await picturesOf(epoch)
      if (token !== page.data.token) continue // of another view, or of another time step
      if (wish !== null) await draw(pictures)
      drawn = wish === null ? null : epoch
    }
  } finally {
    working = false
  }
  tell()
}

function draw(pictures) {
  const each = Object.entries(pictures)
  return Promise.all(each.map(([name, picture]) => plots.drawAhead(name, picture)))
}

function picturesOf(epoch) {
  if (!known.has(epoch)) {
    known.set(epoch, ask(page.data.token, epoch))
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value)
  }
  return known.get(epoch)
}

// Without an answer there is nothing to draw, and the page comes by itself.
async function ask(token, epoch) {
  const address = new URL(`ahead/${token}?epoch=${epoch}`, import.meta.url)
  try {
    const signal = AbortSignal.timeout(WAIT_MILLISECONDS)
    const answer = await fetch(address, { cache: "no-store", signal })
    if (answer.ok) return await answer.json()
  } catch (error) {
    // The server is away, or the page is being left: asked again, it may be there.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
  }
  if (token === page.data.token) known.delete(epoch)
  return {}
}

function tell() {
  clearTimeout(late)
  if (!telling || told !== null || !page.element.isConnected) return
  telling = false
  told = wish
  page.tell(wish)
}

function waited() {
  if (pointer) {
    waiting = setTimeout(waited, WAIT_MILLISECONDS)
    return
  }
  forget()
  plots.settle()
}

function forget() {
  clearTimeout(waiting)
  clearTimeout(late)
  wish = drawn = told = null
  telling = false
}

// Whoever goes on in the same direction finds the next epoch's pictures here.
function lookAhead() {
  const { epochs, shown } = page.data
  const next = epochs[epochs.indexOf(shown) + direction]
  if (direction && next !== undefined) picturesOf(next)
}
