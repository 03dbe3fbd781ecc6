"""The map as it is drawn: points on a canvas, to be hovered over, walked by the arrow keys, and opened."""

from __future__ import annotations

from typing import Any

from streamlit.components import v2

_PLANE = v2.component(
    "diptych_plane",
    html="""
<div class="legend"></div>
<div class="box">
  <canvas tabindex="0" role="application"></canvas>
  <div class="tip" hidden><img alt=""><b></b><span></span></div>
  <div class="zoom"><button data-by="1.5">+</button><button data-by="0.667">−</button><button data-by="0">⤢</button></div>
</div>
<p class="said" aria-live="polite"></p>
""",
    css="""
:host, .plane { font: 400 .84rem/1.4 var(--st-font); color: var(--st-text-color); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem .35rem; margin-bottom: .5rem; }
.legend button { display: inline-flex; gap: .35rem; align-items: center; max-width: 17rem; padding: .1rem .5rem; font: inherit;
  font-size: .8rem; color: inherit; background: none; border: 1px solid transparent; border-radius: .5rem; cursor: pointer; }
.legend button span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.legend button:hover, .legend button[aria-pressed=true] { border-color: var(--st-border-color);
  background: var(--st-secondary-background-color); }
.legend i { flex: none; width: .7rem; height: .7rem; border-radius: 50%; }
.box { position: relative; }
canvas { display: block; width: 100%; height: min(34rem, 62vh); border: 1px solid var(--st-border-color); border-radius: .6rem;
  background: var(--st-background-color); touch-action: pan-y; cursor: crosshair; }
canvas:focus-visible, button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.tip { position: absolute; z-index: 2; pointer-events: none; max-width: 19rem; padding: .5rem .7rem; font-size: .82rem; line-height: 1.4;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: .5rem;
  box-shadow: 0 2px 10px rgb(0 0 0 / 15%); overflow-wrap: anywhere; }
.tip[hidden], .tip img[hidden] { display: none; }
.tip b, .tip span, .tip img { display: block; }
.tip img { max-width: 100%; max-height: 9rem; margin-bottom: .35rem; border-radius: .3rem; background: var(--picture); }
.zoom { position: absolute; right: .5rem; bottom: .5rem; display: flex; gap: .2rem; }
.zoom button { width: 2rem; height: 2rem; font: inherit; font-size: 1rem; color: inherit; cursor: pointer; border-radius: .4rem;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); }
.said { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }
""",
    js="""
const NEAR = 14, EDGE = 26 // pixels
const views = new Map() // by the component's key: how far it is zoomed, and where

export default function (component) {
  const { data, key, parentElement } = component
  const canvas = parentElement.querySelector("canvas"), tip = parentElement.querySelector(".tip")
  const legend = parentElement.querySelector(".legend"), said = parentElement.querySelector(".said")
  const pen = canvas.getContext("2d")
  const lit = new Set(data.lit), groups = data.groups
  const view = views.get(key) ?? { scale: 1, x: 0, y: 0, only: null }
  views.set(key, view)
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name).trim() || "#888"
  let at = -1, drag = null, width = 0, height = 0

  canvas.setAttribute("aria-label", data.label)
  if (view.only !== null && view.only >= groups.length) view.only = null

  const x = (i) => EDGE + (data.x[i] / 1000) * (width - 2 * EDGE) * view.scale + view.x
  const y = (i) => EDGE + (data.y[i] / 1000) * (height - 2 * EDGE) * view.scale + view.y

  function dot(i, size, fill) {
    pen.beginPath()
    if (data.picture[i]) pen.rect(x(i) - size, y(i) - size, 2 * size, 2 * size)
    else pen.arc(x(i), y(i), size, 0, 7)
    pen.fillStyle = fill
    pen.fill()
  }

  function draw() {
    const dense = data.x.length > 1500 ? 2.6 : 3.8, asked = data.asked
    const ink = colour("--st-text-color"), accent = colour("--st-primary-color")
    pen.clearRect(0, 0, width, height)
    for (let i = 0; i < data.x.length; i++) {
      if (lit.has(i)) continue
      const shown = view.only === null || view.only === data.group[i]
      pen.globalAlpha = shown ? (asked ? 0.28 : 0.85) : 0.08
      dot(i, dense, groups[data.group[i]].colour)
    }
    pen.globalAlpha = 1
    if (asked) {
      const qx = EDGE + (asked[0] / 1000) * (width - 2 * EDGE) * view.scale + view.x
      const qy = EDGE + (asked[1] / 1000) * (height - 2 * EDGE) * view.scale + view.y
      pen.strokeStyle = accent
      pen.lineWidth = 1.2
      data.lit.forEach((i, rank) => {
        pen.globalAlpha = 0.75 - 0.5 * (rank / data.lit.length)
        pen.beginPath()
        pen.moveTo(qx, qy)
        pen.lineTo(x(i), y(i))
        pen.stroke()
      })
      pen.globalAlpha = 1
      for (const i of data.lit) {
        dot(i, 6.5, ink)
        dot(i, 5, groups[data.group[i]].colour)
      }
      pen.beginPath()
      for (let k = 0; k < 10; k++) {
        const r = k % 2 ? 5 : 12, a = (Math.PI * k) / 5 - Math.PI / 2
        pen.lineTo(qx + r * Math.cos(a), qy + r * Math.sin(a))
      }
      pen.closePath()
      pen.fillStyle = accent
      pen.fill()
      pen.strokeStyle = colour("--st-background-color")
      pen.stroke()
    }
    if (at >= 0) {
      pen.beginPath()
      pen.arc(x(at), y(at), 10, 0, 7)
      pen.lineWidth = 2
      pen.strokeStyle = ink
      pen.stroke()
    }
  }

  function show(i, loud) {
    at = i
    canvas.style.cursor = i < 0 ? "crosshair" : "pointer"
    tip.hidden = i < 0
    if (i >= 0) {
      const [picture, head, words] = [tip.querySelector("img"), tip.querySelector("b"), tip.querySelector("span")]
      picture.hidden = !data.picture[i]
      if (data.picture[i]) picture.src = data.picture[i]
      head.textContent = data.where[i]
      words.textContent = data.words[i]
      const right = x(i) > width / 2, low = y(i) > height / 2
      tip.style.cssText = `${right ? "right" : "left"}: ${right ? width - x(i) + 14 : x(i) + 14}px;` +
        `${low ? "bottom" : "top"}: ${low ? height - y(i) + 6 : y(i) + 6}px; max-width: ${Math.min(304, Math.max(140, width / 2 + 40))}px`
      if (loud) said.textContent = `${data.where[i]}: ${data.words[i]}`
    }
    draw()
  }

  function nearest(px, py, most, among = () => true) {
    let best = -1, least = most * most
    for (let i = 0; i < data.x.length; i++) {
      const dx = x(i) - px, dy = y(i) - py, d = (dx * dx + dy * dy) / (lit.has(i) ? 2 : 1)
      if (d < least && among(dx, dy, i)) [best, least] = [i, d]
    }
    return best
  }

  function open(i) {
    location.hash = `record-${data.id[i]}`
  }

  function zoom(by, px = width / 2, py = height / 2) {
    if (!by) Object.assign(view, { scale: 1, x: 0, y: 0 })
    else {
      const scale = Math.min(40, Math.max(1, view.scale * by)), real = scale / view.scale
      view.x = px - EDGE - (px - EDGE - view.x) * real
      view.y = py - EDGE - (py - EDGE - view.y) * real
      view.scale = scale
      if (scale === 1) view.x = view.y = 0
    }
    show(-1)
  }

  const spot = (event) => {
    const box = canvas.getBoundingClientRect()
    return [event.clientX - box.x, event.clientY - box.y]
  }
  canvas.onpointerdown = (event) => {
    drag = { from: spot(event), x: view.x, y: view.y, moved: false }
    canvas.setPointerCapture(event.pointerId)
  }
  canvas.onpointermove = (event) => {
    const [px, py] = spot(event)
    if (drag && event.buttons) {
      const [dx, dy] = [px - drag.from[0], py - drag.from[1]]
      drag.moved ||= Math.hypot(dx, dy) > 4
      if (drag.moved && view.scale > 1) Object.assign(view, { x: drag.x + dx, y: drag.y + dy })
      if (drag.moved) return show(-1)
    }
    const found = nearest(px, py, NEAR)
    if (found !== at) show(found)
  }
  canvas.onpointerup = (event) => {
    const clicked = drag && !drag.moved
    drag = null
    if (!clicked) return
    const found = nearest(...spot(event), event.pointerType === "touch" ? 2 * NEAR : NEAR)
    show(found)
    if (found >= 0) open(found)
  }
  canvas.onpointerleave = () => show(-1)
  canvas.onblur = () => show(-1)
  canvas.onwheel = (event) => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...spot(event))
  }
  canvas.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (way) {
      const from = at >= 0 ? [x(at), y(at)] : [width / 2, height / 2], on = at
      const ahead = (dx, dy, i) => {
        const along = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1] + dy * way[0])
        return i !== on && along > 0.5 && aside <= along
      }
      const found = on < 0 ? (data.lit[0] ?? nearest(...from, 1e9)) : nearest(...from, 1e9, ahead)
      if (found >= 0) show(found, true)
    } else if (event.key === "Enter" && at >= 0) open(at)
    else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.5 : 0.667)
    else if (event.key === "Escape" && at >= 0) show(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  for (const button of parentElement.querySelectorAll(".zoom button")) {
    button.onclick = () => zoom(Number(button.dataset.by))
    button.ariaLabel = button.title = { 1.5: data.words_of.in, 0.667: data.words_of.out, 0: data.words_of.whole }[button.dataset.by]
  }

  legend.replaceChildren(...groups.map((group, number) => {
    const button = document.createElement("button"), mark = document.createElement("i"), name = document.createElement("span")
    mark.style.background = group.colour
    name.textContent = `${group.name} ${group.count}`
    button.title = group.name
    button.ariaPressed = view.only === number
    button.onclick = () => {
      view.only = view.only === number ? null : number
      for (const [n, each] of [...legend.children].entries()) each.ariaPressed = view.only === n
      draw()
    }
    button.append(mark, name)
    return button
  }))

  const sized = new ResizeObserver(() => {
    const box = canvas.getBoundingClientRect(), fine = devicePixelRatio || 1
    if (!box.width) return
    ;[width, height] = [box.width, box.height]
    canvas.width = width * fine
    canvas.height = height * fine
    pen.setTransform(fine, 0, 0, fine, 0, 0)
    draw()
  })
  sized.observe(canvas)
  return () => sized.disconnect()
}
""",
)


def plane(data: dict[str, Any], key: str) -> None:
    """Draw the points of `data`; a click on one, or Enter, opens its record beside the map."""
    _PLANE(key=key, data=data, height="content")
