// A pad to sketch a series on, with mouse, finger or keys. It tells the server what was drawn when
// the pointer is let go, or when no key has come for a while.

const HIGH = 100
const KEY_MILLISECONDS = 700
const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  PageUp: [0, 10], PageDown: [0, -10], Home: [-Infinity, 0], End: [Infinity, 0],
}
const pads = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".rnn-draw")
  if (!pads.has(root)) pads.set(root, start(root))
  const pad = pads.get(root)
  pad.tell = (values) => setStateValue("drawn", values)
  pad.said = data.said
  root.setAttribute("aria-label", data.label)
  // What is drawn here is newer than what the server has, unless it made it.
  if (pad.stamp !== data.stamp) {
    pad.stamp = data.stamp
    pad.values = [...data.values]
    pad.place = Math.min(pad.place, pad.values.length - 1)
  }
  show(root, pad)
  return () => {
    if (!root.isConnected) clearTimeout(pad.waiting)
  }
}

function start(root) {
  const pad = { values: [], place: 0, last: null, waiting: undefined }
  root.addEventListener("pointerdown", (event) => {
    if (event.button) return
    root.setPointerCapture(event.pointerId)
    pad.last = null
    touch(root, pad, event)
  })
  root.addEventListener("pointermove", (event) => {
    if (!root.hasPointerCapture(event.pointerId)) return
    const passed = event.getCoalescedEvents?.() ?? []
    for (const moved of passed.length ? passed : [event]) touch(root, pad, moved)
  })
  for (const name of ["pointerup", "pointercancel"]) {
    root.addEventListener(name, () => {
      if (pad.last === null) return
      pad.last = null
      pad.tell([...pad.values])
    })
  }
  root.addEventListener("keydown", (event) => {
    const step = STEPS[event.key]
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const times = event.shiftKey ? 10 : 1
    pad.place = within(pad.place + times * step[0], pad.values.length - 1)
    if (step[1]) {
      pad.values[pad.place] = within(pad.values[pad.place] + times * step[1], HIGH)
      clearTimeout(pad.waiting)
      pad.waiting = setTimeout(() => pad.tell([...pad.values]), KEY_MILLISECONDS)
    }
    show(root, pad)
  })
  return pad
}

// Set the value under the pointer, and those it has passed since it was last seen.
function touch(root, pad, event) {
  const box = root.getBoundingClientRect()
  const most = pad.values.length - 1
  const place = within(Math.round(((event.clientX - box.left) / box.width) * most), most)
  const value = within(Math.round((1 - (event.clientY - box.top) / box.height) * HIGH * 10) / 10, HIGH)
  const [from, before] = pad.last ?? [place, value]
  const steps = Math.abs(place - from)
  for (let step = 0; step <= steps; step++) {
    const share = steps ? step / steps : 1
    const at = from + Math.sign(place - from) * step
    pad.values[at] = Math.round((before + share * (value - before)) * 10) / 10
  }
  pad.last = [place, value]
  pad.place = place
  show(root, pad)
}

function show(root, pad) {
  const most = pad.values.length - 1
  const points = pad.values.map((value, place) => `${(place / most) * 1000},${HIGH - value}`)
  root.querySelector("polyline").setAttribute("points", points.join(" "))
  const value = pad.values[pad.place]
  const dot = root.querySelector(".rnn-draw-dot")
  dot.style.left = `${(100 * pad.place) / most}%`
  dot.style.top = `${HIGH - value}%`
  const said = { point: pad.place + 1, points: most + 1, value }
  root.setAttribute("aria-valuenow", value)
  root.setAttribute("aria-valuetext", pad.said.replace(/\{(\w+)\}/g, (_, name) => said[name]))
}

function within(number, high) {
  return Math.min(Math.max(number, 0), high)
}
