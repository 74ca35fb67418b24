// Draws Plotly figures that are built in light colours, in the colours of the page around them.
// The server puts `const DARK = {"#light": "#dark", …}`, `const PLOTLY = "address"` and
// `const REDRAW = "address of redraw.js"` before this.

const CONFIG = { displayModeBar: false }
const ZOOM_MILLISECONDS = 250 // a wheel or a drag has ended when nothing comes for so long
const FIT_MILLISECONDS = 5000 // so often the axes of a plot in motion are fitted to what it shows
const REST_MILLISECONDS = 2000 // and so long after it came to rest
const plots = new WeakMap()
const named = new Map() // the plots that `update` reaches, by their name
const kinds = new Set(["scatter"]) // of traces that Plotly can draw
const ahead = new Map() // pictures to which the page itself has yet to come, by name
let loading

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const div = parentElement.querySelector(".rnn-plot")
  if (!plots.has(div)) start(div)
  const plot = plots.get(div)
  plot.data = data
  if (data.name) named.set(data.name, div)
  if (ahead.has(data.name) && alike(ahead.get(data.name), data)) ahead.delete(data.name)
  plot.tell = setStateValue
  plot.click = data.clicks ? (cell) => setTriggerValue("cell", cell) : null
  plot.pick = data.picks ? (points) => setTriggerValue("points", points) : null
  div.classList.toggle("rnn-clicks", Boolean(data.clicks))
  div.classList.toggle("rnn-picks", Boolean(data.picks))
  div.style.height = `${data.height}px`
  show(div, plot)
  // Streamlit calls this too when a newer update has overtaken this one.
  return () => {
    if (!div.isConnected) stop(div)
  }
}

// What the named plots of the page show, by name.
export function versions() {
  const shown = {}
  for (const [name, div] of named) {
    if (plots.has(div) && div.isConnected) shown[name] = plots.get(div).data.version
    else named.delete(name)
  }
  return shown
}

// Give a named plot a newer picture of the run that it shows: its `figure`, `alt` and `version`.
export function update(name, run, picture) {
  const plot = plots.get(named.get(name))
  if (plot?.data.run !== run) return
  plot.data = { ...plot.data, ...picture }
  show(named.get(name), plot)
}

// Draw a named plot's picture of another `epoch` or `setting`: with it its `figure` and `alt`. It
// stays, whatever the page draws, until the page is there too, or `settle` is called.
export async function drawAhead(name, picture) {
  const div = named.get(name)
  const plot = plots.get(div)
  if (!plot || !div.isConnected) return
  if (alike(picture, plot.data)) ahead.delete(name)
  else ahead.set(name, picture)
  await show(div, plot)
}

function alike(one, other) {
  return one.epoch === other.epoch && one.setting === other.setting
}

// Show what the page itself has drawn.
export function settle() {
  const names = [...ahead.keys()]
  ahead.clear()
  for (const name of names) {
    const plot = plots.get(named.get(name))
    if (plot) show(named.get(name), plot)
  }
}

function start(div) {
  const resizing = new ResizeObserver(() => {
    if (div._fullLayout && div.clientWidth) Plotly.Plots.resize(div)
  })
  resizing.observe(div)
  const plot = {
    resizing,
    drawing: false,
    drawn: null,
    fitted: -Infinity,
    pointer: null,
    shown: "null",
    click: null,
  }
  div.addEventListener("mousemove", (event) => {
    if (event.isTrusted) plot.pointer = event
  })
  div.addEventListener("mouseleave", () => {
    plot.pointer = null
  })
  plots.set(div, plot)
}

function show(div, plot) {
  div.setAttribute("aria-label", shown(plot).alt)
  return draw(div, plot)
}

function shown(plot) {
  return ahead.get(plot.data.name) ?? plot.data
}

function stop(div) {
  plots.get(div)?.resizing.disconnect()
  clearTimeout(plots.get(div)?.zooming)
  clearTimeout(plots.get(div)?.resting)
  plots.delete(div)
  window.Plotly?.purge(div)
}

async function draw(div, plot) {
  if (plot.drawing) return // the loop below will see the new data
  plot.drawing = true
  try {
    const [{ redraw }] = await Promise.all([import(new URL(REDRAW, import.meta.url)), loadPlotly()])
    while (plots.has(div) && div.isConnected) {
      const text = themed(shown(plot).figure, div)
      if (text === plot.drawn) break
      await released(div)
      const next = figure(text)
      // Where one goes from epoch to epoch, axes are the same for all.
      const moving = plot.data.epoch !== undefined || performance.now() - plot.fitted < FIT_MILLISECONDS
      const begun = plot.drawn !== null && moving
      learn(next.data)
      if (begun && (await redraw(div, figure(plot.drawn), next))) fitAtRest(div, plot)
      else {
        await Plotly.react(div, next.data, next.layout, CONFIG)
        plot.fitted = performance.now()
      }
      if (plot.drawn === null) {
        div.on("plotly_click", (event) => clicked(event, plot))
        div.on("plotly_selected", (event) => drawnAround(event, div, plot))
      }
      plot.drawn = text
      if (plot.data.revision && !plot.listens) listen(div, plot)
      hoverAgain(div, plot.pointer)
    }
  } catch (error) {
    console.warn(error)
    if (!div._fullLayout) div.textContent = plot.data.alt
  } finally {
    plot.drawing = false
  }
}

// What has moved by numbers alone is drawn in full when it has come to rest.
function fitAtRest(div, plot) {
  clearTimeout(plot.resting)
  plot.resting = setTimeout(() => {
    if (!plots.has(div)) return
    if (plot.drawing || div._dragging) fitAtRest(div, plot)
    else fit(div, plot).catch(console.warn)
  }, REST_MILLISECONDS)
}

async function fit(div, plot) {
  const { data, layout } = figure(plot.drawn)
  await Plotly.react(div, data, layout, CONFIG)
  plot.fitted = performance.now()
  hoverAgain(div, plot.pointer)
}

// The page may have begun to load it by itself: see `EarlyPlotly`.
function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve()
    const begun = document.getElementById("rnn-plotly")
    const script = begun ?? document.createElement("script")
    script.addEventListener("load", resolve)
    script.addEventListener("error", () => {
      loading = undefined // the next update tries again
      script.remove()
      reject(new Error(`Could not load ${script.src}`))
    })
    if (begun) return
    script.id = "rnn-plotly"
    script.src = new URL(PLOTLY, import.meta.url)
    document.head.append(script)
  })
  return loading
}

// The server sends Plotly without having run what draws each kind of trace: see `postponed`.
function learn(data) {
  const { later = [], register } = window.Plotly
  for (const { type = "scatter" } of data) {
    while (!kinds.has(type) && later.length) {
      const kind = later.shift()()
      register([kind])
      kinds.add(kind.name)
    }
  }
}

// The figure's JSON text in the page's colours, under a line that says what else the page decides.
// Equal texts need no drawing.
function themed(text, div) {
  const { backgroundColor, fontFamily } = getComputedStyle(div)
  const [red, green, blue] = backgroundColor.match(/[\d.]+/g).map(Number)
  const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128
  const coloured = dark ? text.replace(/#[0-9a-f]{6}\b/g, (colour) => DARK[colour] ?? colour) : text
  return JSON.stringify({ backgroundColor, fontFamily }) + "\n" + coloured
}

function figure(text) {
  const end = text.indexOf("\n")
  const { backgroundColor, fontFamily } = JSON.parse(text.slice(0, end))
  const { data, layout } = JSON.parse(text.slice(end))
  // Plotly takes what is transparent for white when it draws the line under the pointer.
  layout.paper_bgcolor = backgroundColor
  layout.font = { ...layout.font, family: fontFamily }
  layout.hoverlabel = { ...layout.hoverlabel }
  layout.hoverlabel.font = { ...layout.hoverlabel.font, family: fontFamily }
  // A finger that moves over a plot scrolls the page.
  const draws = ["lasso", "select"].includes(layout.dragmode)
  if (!draws && matchMedia("(pointer: coarse)").matches) layout.dragmode = false
  return { data, layout }
}

// Of a heatmap a point's number is row and column; of anything else there is no cell.
function clicked(event, plot) {
  const points = event.points ?? []
  const cell = points.find((point) => Array.isArray(point.pointNumber))
  if (cell) {
    const [row, column] = cell.pointNumber
    plot.click?.({ row, column, trace: cell.curveNumber })
  } else if (Number.isInteger(points[0]?.pointNumber)) plot.pick?.([points[0].pointNumber])
}

// Lasso and box: what lies within is told, and the line around it goes.
function drawnAround(event, div, plot) {
  const points = event?.points?.map((point) => point.pointNumber) ?? []
  if (!event) return // the line is gone already
  if (points.length) plot.pick?.(points)
  setTimeout(() => {
    if (div.isConnected) Plotly.update(div, { selectedpoints: null }, { selections: [] })
  })
}

// Drawing while the pointer drags would take the zoom box away.
async function released(div) {
  while (div._dragging) await new Promise(requestAnimationFrame)
}

// Tell the server what part is shown, so that it can send that in detail.
function listen(div, plot) {
  plot.listens = true
  div.on("plotly_relayout", () => {
    clearTimeout(plot.zooming)
    plot.zooming = setTimeout(() => {
      const { autorange, range } = div._fullLayout.xaxis
      const shown = autorange ? null : { of: plot.data.revision, range: [...range] }
      const text = JSON.stringify(shown)
      if (text === plot.shown) return
      plot.shown = text
      plot.tell("shown", shown)
    }, ZOOM_MILLISECONDS)
  })
}

// Drawing closes the hover label; a pointer at rest gets it back.
function hoverAgain(div, pointer) {
  if (!pointer) return
  const { clientX, clientY } = pointer
  const target = document.elementFromPoint(clientX, clientY)
  if (div.contains(target)) {
    target.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }))
  }
}
