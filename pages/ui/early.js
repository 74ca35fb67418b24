// Runs Plotly once the page is about to ask for its first script run, whose answer takes a while.
// The server puts this into the page, after `const PLOTLY = "address"`.

const CONNECT_MILLISECONDS = 150 // until the request is on its way
const LAST_BEFORE = "/_stcore/host-config" // what Streamlit's page fetches before it connects

function load() {
  if (window.Plotly || document.getElementById("rnn-plotly")) return
  const script = document.createElement("script")
  script.id = "rnn-plotly"
  script.src = PLOTLY
  script.onerror = () => script.remove()
  document.head.append(script)
}

new PerformanceObserver((seen, observer) => {
  if (!seen.getEntries().some(({ name }) => name.includes(LAST_BEFORE))) return
  observer.disconnect()
  setTimeout(load, CONNECT_MILLISECONDS)
}).observe({ type: "resource", buffered: true })
