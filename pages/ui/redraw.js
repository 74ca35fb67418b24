// New numbers in a plot that is drawn already, with everything else as it is.
// Plotly.react lays out axes, legend and colour bar anew, and that takes most of its time; going on
// with numbers alone, Plotly.animate, too, looks into every property. So lines and heatmaps are
// drawn here, each from what Plotly knows of it.

const NUMBERS = ["x", "y", "z"]
const SHADES = 256
const TYPES = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
}

// Show the figure `to` in the div that shows the figure `from`. False if that takes Plotly.react:
// where more than numbers and lines' places differ, or where an axis would have to move for them.
export async function redraw(div, from, to) {
  const lines = slides(div, from.layout, to.layout)
  if (!lines || from.data.length !== to.data.length) return false
  const traces = to.data.map((trace, i) => ({ i, before: from.data[i], after: trace }))
  const changed = traces.filter(({ before, after }) => !same(before, after))
  const curves = changed.filter(({ after }) => ["scatter", "bar"].includes(after.type))
  const maps = changed.filter(({ after }) => after.type === "heatmap")
  if (curves.length + maps.length < changed.length) return false
  if (!changed.every(({ before, after }) => same(form(before), form(after)))) return false
  if (!curves.every((trace) => fits(div, trace))) return false
  if (!maps.every((trace) => repaintable(div, trace))) return false
  const bends = curves.every((curve) => bendable(div, curve))
  // To move curves Plotly takes the heatmaps beside them away for a moment.
  if (!bends && maps.length) return false
  if (!bends) await move(div, curves)
  else for (const curve of curves) bend(div, curve)
  for (const map of maps) repaint(div, map)
  for (const line of lines) slide(div, line)
  return true
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other)
}

function form(trace) {
  return Object.fromEntries(Object.entries(trace).filter(([key]) => !NUMBERS.includes(key)))
}

// The upright lines that are at another place, null where the layouts differ in more than these.
function slides(div, from, to) {
  const [before, after] = [from.shapes ?? [], to.shapes ?? []]
  const rest = (layout) => ({ ...layout, shapes: null })
  if (!same(rest(from), rest(to)) || before.length !== after.length) return null
  const both = after.map((shape, i) => ({ i, before: before[i], shape }))
  const moved = both.filter((each) => !same(each.before, each.shape))
  return moved.every((each) => slidable(div, each)) ? moved : null
}

function slidable(div, { i, before, shape }) {
  const rest = (line) => ({ ...line, x0: null, x1: null })
  const upright = (line) => line.type === "line" && line.x0 === line.x1 && !line.xref
  if (!upright(before) || !upright(shape) || !same(rest(before), rest(shape))) return false
  const place = placeOf(div, shape)
  return Boolean(pathOf(div, i)) && place >= 0 && place <= axisOf(div, "x")._length
}

function slide(div, { i, shape }) {
  const path = pathOf(div, i)
  const x = Math.round(100 * (axisOf(div, "x")._offset + placeOf(div, shape))) / 100
  path.setAttribute("d", path.getAttribute("d").replace(/([ML])[^,]+/g, `$1${x}`))
  for (const layout of [div.layout, div._fullLayout]) {
    Object.assign(layout.shapes[i], { x0: shape.x0, x1: shape.x1 })
  }
}

function placeOf(div, { x0 }) {
  const axis = axisOf(div, "x")
  return axis.r2p(axis.type === "log" ? axis.d2r(x0) : x0)
}

function pathOf(div, i) {
  return div.querySelector(`.shapelayer path[data-index="${i}"]`)
}

// Numbers alone: what somebody has switched off in the legend stays off.
function move(div, curves) {
  const frame = {
    data: curves.map(({ after }) => ({ x: after.x, y: after.y })),
    traces: curves.map(({ i }) => i),
  }
  const atOnce = { duration: 0, redraw: false }
  return Plotly.animate(div, frame, { mode: "immediate", transition: atOnce, frame: atOnce })
}

// Whether a curve stays within the axes as they are.
function fits(div, { i, before, after }) {
  const trace = div._fullData[i]
  if (trace.visible !== true) return true
  return ["x", "y"].every((name) => {
    if (same(before[name], after[name])) return true
    const { autorange, range, type } = axisOf(div, trace[`${name}axis`])
    if (!autorange) return true // it would stay as it is anyway
    if (type !== "linear" && type !== "log") return false
    const place = type === "log" ? Math.log10 : Number
    const [low, high] = [Math.min(...range), Math.max(...range)]
    return decoded(after[name]).every((number) => !(place(number) < low || place(number) > high))
  })
}

// Whether a curve is a plain line, and has something of it drawn that can be given another shape.
function bendable(div, { i, after }) {
  const { type, mode, fill, line, visible } = div._fullData[i]
  const plain = type === "scatter" && mode === "lines" && (fill ?? "none") === "none"
  if (!plain || (line.shape ?? "linear") !== "linear") return false
  const empty = !decoded(after.y).some(Number.isFinite)
  return visible !== true || empty || Boolean(linesOf(div, i)?.node())
}

function bend(div, { i, after }) {
  Object.assign(div.data[i], { x: after.x, y: after.y }) // for whatever draws all of it anew
  const trace = div._fullData[i]
  if (trace.visible !== true) return
  const [across, up] = [axisOf(div, trace.xaxis), axisOf(div, trace.yaxis)]
  // A date's milliseconds count from another moment in Plotly's own numbers.
  const xs = Array.from(decoded(after.x), (x) => across.d2c(x))
  const ys = decoded(after.y)
  const there = (axis, value) => (axis.type === "log" ? value > 0 : Number.isFinite(value))
  const points = div.calcdata[i] // the hover label's; the first one has all else of the trace
  points.length = Math.max(1, xs.length)
  if (!xs.length) Object.assign(points[0], { x: undefined, y: undefined })
  let shape = ""
  let pen = "M"
  xs.forEach((x, k) => {
    const seen = there(across, x) && there(up, ys[k])
    const [at, level] = seen ? [x, ys[k]] : []
    points[k] = Object.assign(points[k] ?? { i: k }, { x: at, y: level })
    if (seen) shape += `${pen}${pixels(across, x)},${pixels(up, ys[k])}`
    pen = seen ? "L" : "M"
  })
  linesOf(div, i)?.attr("d", (_, place) => (place === 0 && shape) || "M0,0Z")
}

function pixels(axis, value) {
  return Math.round(100 * axis.c2p(value)) / 100
}

function linesOf(div, i) {
  return div.calcdata[i][0].node3?.selectAll("path.js-line")
}

// Whether a heatmap has its cells where they were, each with a number.
function repaintable(div, { i, before, after }) {
  const stays = ["x", "y"].every((name) => same(before[name], after[name]))
  if (!stays || !after.z.shape || after.z.shape !== before.z.shape) return false
  return Boolean(imageOf(div, i)) && !decoded(after.z).some(Number.isNaN)
}

function repaint(div, { i, after }) {
  const [cells] = div.calcdata[i]
  const trace = div._fullData[i]
  const numbers = decoded(after.z)
  const [rows, columns] = after.z.shape.split(",").map(Number)
  cells.z = Array.from({ length: rows }, (_, row) =>
    Array.from(numbers.subarray(row * columns, (row + 1) * columns)),
  ) // the hover label's
  trace.z = cells.z
  div.data[i].z = after.z // for whatever draws all of it anew, such as another width
  const image = imageOf(div, i)
  const [left, top, width, height] = ["x", "y", "width", "height"].map((name) =>
    Number(image.getAttribute(name)),
  )
  const across = cellsAt(axisOf(div, trace.xaxis), cells.x, left, width)
  const down = cellsAt(axisOf(div, trace.yaxis), cells.y, top, height)
  const shades = shadesOf(trace.colorscale)
  const colours = Uint32Array.from(numbers, (number) => {
    const share = (number - trace.zmin) / (trace.zmax - trace.zmin)
    return shades[Math.round((SHADES - 1) * Math.min(1, Math.max(0, share)))]
  })
  const pen = canvasOf(width, height)
  const picture = pen.createImageData(width, height)
  const pixels = new Uint32Array(picture.data.buffer)
  for (let y = 0; y < height; y++) {
    const line = y * width
    if (y && down[y] === down[y - 1]) pixels.copyWithin(line, line - width, line)
    else for (let x = 0; x < width; x++) pixels[line + x] = colours[down[y] * columns + across[x]]
  }
  pen.putImageData(picture, 0, 0)
  image.setAttribute("href", pen.canvas.toDataURL())
}

// Of each pixel from `start` on, the number of the cell that it shows; `ends` are the cells'.
function cellsAt(axis, ends, start, length) {
  const cells = new Uint16Array(length)
  const edges = ends.map((end) => Math.round(axis.c2p(end) - start))
  for (let cell = 0; cell + 1 < edges.length; cell++) {
    const [from, to] = [edges[cell], edges[cell + 1]].sort((one, other) => one - other)
    cells.fill(cell, Math.max(0, from), Math.max(0, to))
  }
  return cells
}

function shadesOf(colorscale) {
  const pen = canvasOf(SHADES, 1)
  pen.fillStyle = pen.createLinearGradient(0, 0, SHADES, 0)
  for (const [share, colour] of colorscale) pen.fillStyle.addColorStop(share, colour)
  pen.fillRect(0, 0, SHADES, 1)
  return new Uint32Array(pen.getImageData(0, 0, SHADES, 1).data.buffer)
}

function canvasOf(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  return canvas.getContext("2d", { willReadFrequently: true })
}

function imageOf(div, i) {
  return div.calcdata[i][0].node3?.select("image").node()
}

function axisOf(div, name) {
  return div._fullLayout[`${name[0]}axis${name.slice(1)}`]
}

function decoded(numbers) {
  if (!numbers?.bdata) return Array.from(numbers ?? [])
  const text = atob(numbers.bdata)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return new TYPES[numbers.dtype](bytes.buffer)
}
