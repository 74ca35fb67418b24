// Scrubs through epochs ahead of the page: at a key, a click on a button or a move of the slider it
// asks the server for the pictures alone and draws them. Only then is the page told, for the words.
// The server puts `const PLOTS = "address of plot.js"` and `const HAND = "address of hand.js"`
// before this.

const KEYS = { ArrowLeft: -1, ArrowRight: 1 }
const BUTTONS = { ".st-key-inside-previous button": -1, ".st-key-inside-next button": 1 }
const SLIDER = ".st-key-inside-epoch"
const CHOICES = "[data-variant=segmented_control]"
const TEXTS = "input:not([type=checkbox]), textarea, select, [contenteditable=true]"
const TELL_MILLISECONDS = 100 // the page is told at the latest so long after a key
const SETTLE_MILLISECONDS = 50 // after it came to an epoch, all of the page is drawn
const REST_MILLISECONDS = 400 // a page that stays as it is for so long is looked at
const ANSWER_MILLISECONDS = 10000 // a page that has not come by then does not
const MOST_KNOWN = 6 // the pictures of so many epochs are remembered

let plots, shared
let hand = null
let page = null // the component, as the page drew it last
let wish = null // the epoch that is to be seen, until the page is there
let drawn = null // the wish whose pictures are drawn
let telling = false // whether the page has to be told of the wish
let told = null // what it was told, until it draws itself
let asked = null // the epoch that it was last told, instead of which, and when
let direction = 0
let working = false
let late, waiting, resting
const known = new Map() // pictures by epoch, as one token gives them

export default function ({ data, parentElement, setTriggerValue }) {
  if (page === null) listen()
  if (page?.data.token !== data.token) {
    known.clear()
    drawn = null
    if (wish === null) plots?.settle()
  }
  const echoed = page !== null && echoes(data, page.data)
  page = { data, element: parentElement, tell: (epoch) => setTriggerValue("epoch", epoch) }
  clearTimeout(resting)
  if (!data.led) resting = setTimeout(lookAhead, REST_MILLISECONDS, -1, 1)
  if (echoed && wish === null) {
    wish = asked.epoch
    wait()
  }
  telling ||= echoed
  // A live run may have dropped it meanwhile: the page goes to the nearest one, too.
  if (wish !== null) wish = nearest(wish)
  if (told !== null) told = nearest(told)
  const came = data.shown === wish && !telling && (told === null || told === wish)
  told = null
  if (came) {
    forget()
    // An answer that came too late, or none, has left an earlier epoch's pictures.
    waiting = setTimeout(plots.settle, SETTLE_MILLISECONDS)
    lookAhead(direction)
  } else if (wish !== null) {
    work()
  }
}

// With any click the browser says where its slider is, and until the page has come that is where it
// was before a key: the page then goes back there, although no hand has moved the slider since.
function echoes(data, before) {
  if (asked === null || performance.now() - asked.at > ANSWER_MILLISECONDS) return false
  const back = data.slid > before.slid && data.chosen === asked.from && asked.from !== asked.epoch
  return back && hand.touched < asked.at
}

async function listen() {
  document.addEventListener("click", clicked, true) // before Streamlit's button hears of it
  document.addEventListener("click", chose, true) // which the choice itself lets nobody hear
  document.body.addEventListener("keydown", pressed) // so does this, and after any other widget
  const attributes = { subtree: true, attributeFilter: ["aria-valuetext"] }
  new MutationObserver(slid).observe(document.body, attributes)
  const addresses = [HAND, PLOTS].map((address) => new URL(address, import.meta.url))
  ;[shared, plots] = await Promise.all(addresses.map((address) => import(address)))
  hand = new shared.Hand((target) => target.closest?.(SLIDER))
}

function clicked(event) {
  const [, by] = Object.entries(BUTTONS).find(([name]) => event.target.closest?.(name)) ?? []
  if (by) take(event, by)
}

// Who has chosen by hand scrubs by keys next; who has come by keys goes on through the choices.
function chose({ detail, target }) {
  if (detail === 0 || !page.element.isConnected || !target.closest?.(CHOICES)) return
  // The group may have given the focus to the choice before.
  setTimeout(() => document.activeElement?.closest(CHOICES)?.blur())
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
  const place = epochs.indexOf(nearest(wish ?? chosen)) + by
  direction = by
  telling = true
  clearTimeout(late)
  late = setTimeout(tell, TELL_MILLISECONDS)
  look(epochs[Math.min(Math.max(place, 0), epochs.length - 1)])
}

// The page moves the slider, too, and to where somebody was a while ago.
function slid(changes) {
  if (!hand?.moves || !page.element.isConnected) return
  const slider = changes.map(({ target }) => target).find((target) => target.closest(SLIDER))
  const moved = Number(slider?.getAttribute("aria-valuetext"))
  const { epochs, shown, led } = page.data
  const from = wish ?? shown
  if (!slider || !Number.isFinite(moved)) return
  // Where the page moves it, too, it may be ahead of what is shown: every move of a hand counts.
  if (!led && (!epochs.includes(moved) || moved === from)) return
  const epoch = nearest(moved)
  telling ||= led // the page takes its own slider's word only where nothing else moves it
  direction = Math.sign(epoch - from)
  look(epoch)
}

function nearest(epoch) {
  const away = (each) => Math.abs(each - epoch)
  return page.data.epochs.reduce((near, each) => (away(each) < away(near) ? each : near))
}

function look(epoch) {
  wish = epoch
  wait()
  work()
}

function wait() {
  clearTimeout(waiting)
  waiting = setTimeout(waited, shared.WAIT_MILLISECONDS)
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

async function ask(token, epoch) {
  const answer = await shared.ask(new URL(`ahead/${token}?epoch=${epoch}`, import.meta.url))
  if (!answer && token === page.data.token) known.delete(epoch) // asked again, it may be there
  return answer ?? {}
}

function tell() {
  clearTimeout(late)
  if (!telling || told !== null || !page.element.isConnected) return
  telling = false
  told = wish
  asked = { epoch: wish, from: page.data.chosen, at: performance.now() }
  page.tell(wish)
}

function waited() {
  const overdue = asked === null || performance.now() - asked.at > ANSWER_MILLISECONDS
  const coming = (telling || told !== null) && !overdue // the page has a long way
  if (hand.down || (coming && page.element.isConnected)) {
    wait()
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

// Whoever goes on in the same direction, or sets out in any, finds the next epoch's pictures here.
async function lookAhead(...directions) {
  const { token, epochs, shown } = page.data
  for (const by of directions) {
    if (!plots || wish !== null || !page.element.isConnected || token !== page.data.token) return
    const next = epochs[epochs.indexOf(shown) + by]
    if (by && next !== undefined) await picturesOf(next) // one at a time: they may be large
  }
}
