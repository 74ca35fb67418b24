// Asks the server for news of a run as long as it goes on, and puts them into the page.
// The server puts `const PLOTS = "address of plot.js"` before this.

const TICK_MILLISECONDS = 200
const REST_MILLISECONDS = 50 // at least so long between an answer and the next question
const TELL_MILLISECONDS = 2000 // a page that was told of a new state has so long to draw it
const followers = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const known = followers.get(parentElement)
  const follower = known ?? { element: parentElement, told: -Infinity }
  follower.data = data
  follower.tell = (state) => setTriggerValue("changed", state)
  if (known) return
  followers.set(parentElement, follower)
  follow(follower).finally(() => followers.delete(parentElement))
}

async function follow(follower) {
  const plots = await import(new URL(PLOTS, import.meta.url))
  while (follower.element.isConnected) {
    const begun = performance.now()
    try {
      await ask(follower, plots)
    } catch (error) {
      // The server is away, or the page is being left: the next turn tries again.
      if (!(error instanceof TypeError)) console.warn(error)
    }
    const passed = performance.now() - begun
    await rest(Math.max(REST_MILLISECONDS, TICK_MILLISECONDS - passed))
  }
}

async function ask(follower, plots) {
  const { data } = follower
  const address = new URL(`news/${data.run}`, import.meta.url)
  const have = JSON.stringify(plots.versions())
  address.search = new URLSearchParams({ ...data.asked, have })
  const answer = await fetch(address, { cache: "no-store" })
  if (follower.data !== data || !follower.element.isConnected) return // asked for something else
  if (answer.ok) {
    const news = await answer.json()
    for (const [name, picture] of Object.entries(news.plots)) plots.update(name, data.run, picture)
    showProgress(data.run, news.progress)
    showTiles(data.run, news.tiles)
    if (news.state === data.state && news.awaited) return
    tell(follower, news.state)
  } else if (answer.status === 404) {
    tell(follower, "gone")
  }
}

// The page draws itself again; should it not, it is told again.
function tell(follower, state) {
  const now = performance.now()
  if (now - follower.told < TELL_MILLISECONDS && follower.last === state) return
  follower.told = now
  follower.last = state
  follower.tell(state)
}

// A page that goes over to another run may have drawn that already: it is left alone.
function showProgress(run, { percent, text }) {
  const bar = document.querySelector(`.rnn-progress[data-run="${run}"]`)
  if (!bar) return
  bar.setAttribute("aria-valuenow", percent)
  write(bar.querySelector("span"), text)
  bar.querySelector("i").style.width = `${percent}%`
}

function showTiles(run, values) {
  const tiles = document.querySelectorAll(`.rnn-tiles[data-run="${run}"] b`)
  tiles.forEach((tile, i) => write(tile, values[i]))
}

function write(element, text) {
  if (text !== undefined && element.textContent !== text) element.textContent = text
}

function rest(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
