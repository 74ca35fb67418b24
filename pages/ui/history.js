// Makes a switch to another page one step of the browser's history. Streamlit makes two of it, the
// page without its query and, when its script has run, with it: Back would show the same page again.
// The server puts this into the page.

const SWITCH_MILLISECONDS = 10_000 // a page's script has run by then
const push = history.pushState.bind(history)
let switched = -Infinity

history.pushState = (state, unused, address) => {
  const to = new URL(address ?? location.href, location.href)
  const now = performance.now()
  if (to.pathname !== location.pathname) switched = now
  else if (!location.search && to.search && now - switched < SWITCH_MILLISECONDS) {
    switched = -Infinity
    return history.replaceState(state, unused, address)
  }
  push(state, unused, address)
}
