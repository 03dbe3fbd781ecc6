const OPENS = /^#(turn-\d+-(source|hit)-\d+|(picture|like)-[0-9a-f]{40}|record-\d+)$/
const ZOOMS = [1, 1.5, 2, 3, 4]

let component = null
let panel = null
let shown = "" // the anchor of what is there or coming
let coming = null
let from = null // what had the focus before

const words = () => component.data.words

function element(name, props = {}, ...children) {
  const made = Object.assign(document.createElement(name), props)
  made.append(...children)
  return made
}

function button(sign, label, onclick) {
  const made = element("button", { type: "button", textContent: sign, title: label, onclick })
  made.setAttribute("aria-label", label)
  return made
}

// ── what is open ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function state() {
  return history.state?.diptych ?? { depth: 0, group: [], wide: false }
}

function note(change, anchor, push) {
  const next = { ...history.state, diptych: { ...state(), ...change } }
  push ? history.pushState(next, "", anchor) : history.replaceState(next, "", anchor)
}

function address(anchor) {
  const [kind, ...rest] = anchor.slice(1).split("-")
  const below = kind === "turn" ? `turn/${component.data.conversation}/${rest.join("/")}` : `${kind}/${rest.join("/")}`
  return `${component.data.where}/panel/${below}?l=${component.data.language}`
}

function open(anchor, link) {
  const inside = link.closest(".d-panel") // one step deeper; the ways to the one before and after are none
  const way = link.dataset.way
  const set = link.closest("[data-group], .d-gallery")
  const group = way ? state().group : set?.dataset.group?.split(" ") ?? links(set)
  const wide = inside ? state().wide : link.matches(".d-large, .d-gallery a")
  if (!inside) from = link
  note({ depth: panel.hidden ? 1 : way ? state().depth : inside ? state().depth + 1 : state().depth || 1, group, wide }, anchor, panel.hidden || (inside && !way))
  show()
}

const links = (set) => set ? [...set.querySelectorAll("a[href]")].map((each) => each.getAttribute("href")) : []

function close() {
  if (panel.hidden) return
  const { depth } = state()
  hide()
  if (depth) history.go(-depth)
  else history.replaceState(history.state, "", location.pathname + location.search)
}

function hide() {
  coming?.abort()
  shown = ""
  still(() => { panel.hidden = true })
  panel.replaceChildren()
  from?.isConnected && from.focus({ preventScroll: true })
  from = null
}

// What one reads stays where it is, although the line gets narrower.
function still(change) {
  const main = document.querySelector("main") // of another name on each page
  if (!main) return change()
  const box = main.getBoundingClientRect()
  const read = from && main.contains(from) ? from : document.elementFromPoint(box.x + box.width / 4, box.y + box.height / 3)
  const top = read?.getBoundingClientRect().top
  const mend = () => { if (read?.isConnected) main.scrollTop += read.getBoundingClientRect().top - top }
  change()
  mend()
  requestAnimationFrame(mend)
}

async function show() {
  const anchor = location.hash
  if (!OPENS.test(anchor)) {
    if (!panel.hidden) hide()
    return
  }
  if (anchor === shown && !panel.hidden) return dress()
  shown = anchor
  coming?.abort()
  const { signal } = (coming = new AbortController())
  panel.id = anchor.slice(1)
  if (panel.hidden) {
    body("", words().coming)
    still(() => { panel.hidden = false })
    panel.focus({ preventScroll: true })
  }
  try {
    const answer = await fetch(address(anchor), { signal })
    const text = await answer.text()
    answer.ok ? body(text) : body("", answer.status === 503 ? text : words().gone)
  } catch (error) {
    if (error.name !== "AbortError") body("", words().gone)
  }
}

// ── what it shows ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function body(html, told = "") {
  panel.innerHTML = html // escaped by the server
  if (told) panel.append(element("header", {}, element("div", { className: "d-where", textContent: told })))
  const header = panel.querySelector("header")
  header.append(element("nav", { className: "d-ways" }))
  panel.scrollTop = 0
  dress()
  for (const view of panel.querySelectorAll(".d-view")) viewer(view)
  const player = panel.querySelector(".d-player")
  for (const at of panel.querySelectorAll("button.d-at")) at.onclick = () => { player.currentTime = Number(at.dataset.at); player.play() }
  for (const around of panel.querySelectorAll(".d-around")) {
    const here = around.querySelector("mark") ?? around.querySelector(".d-here")
    if (here) around.scrollTop += here.getBoundingClientRect().top - around.getBoundingClientRect().top - around.clientHeight / 3
  }
}

function dress() {
  const { group, wide, depth } = state()
  panel.classList.toggle("d-full", wide)
  const ways = panel.querySelector(".d-ways")
  ways.replaceChildren()
  if (depth > 1) ways.append(button("←", words().back, () => history.back()))
  const at = group.indexOf(shown)
  for (const [way, sign, step] of [["before", "‹", -1], ["after", "›", 1]]) {
    const told = panel.querySelector(`a[data-way="${way}"]`)?.getAttribute("href")
    const next = at >= 0 ? group[at + step] : told
    if (!next) continue
    const link = element("a", { href: next, textContent: sign, title: words()[way] })
    link.dataset.way = way
    link.setAttribute("aria-label", words()[way])
    ways.append(link)
  }
  ways.append(button(wide ? "⤡" : "⤢", wide ? words().smaller : words().larger, widen), button("×", words().close, close))
}

function widen() {
  note({ wide: !state().wide }, location.hash, false)
  dress()
  for (const view of panel.querySelectorAll(".d-view")) view.fit?.()
}

function viewer(view) {
  const image = view.querySelector("img")
  if (!image) return
  const { pages, page: cited, at, marks, full } = view.dataset
  const frame = element("div", { className: "d-frame", tabIndex: 0 })
  const bar = element("div", { className: "d-bar" })
  let page = Number(cited), zoom = 0
  image.replaceWith(frame)
  frame.append(image)
  view.prepend(bar)
  const redraw = () => {
    image.style.width = zoom ? `${ZOOMS[zoom] * 100}%` : ""
    frame.classList.toggle("d-near", zoom > 0)
    const wide = panel.classList.contains("d-full")
    const width = Math.ceil(frame.clientWidth * ZOOMS[zoom] * (devicePixelRatio || 1))
    let source = image.getAttribute("src")
    if (pages) {
      const size = zoom || wide ? width : 960
      source = `${at}${page}?width=${size}${page === Number(cited) && marks ? `&${marks}` : ""}`
    } else if (zoom || wide) source = full
    if (source !== image.getAttribute("src")) image.src = source
    draw()
  }
  const turn = (to) => {
    page = Math.min(Math.max(to, 1), Number(pages))
    frame.scrollTop = 0
    redraw()
  }
  const nearer = (step) => {
    const middle = [(frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth, (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight]
    zoom = Math.min(Math.max(zoom + step, 0), ZOOMS.length - 1)
    redraw()
    frame.scrollTo(middle[0] * frame.scrollWidth - frame.clientWidth / 2, middle[1] * frame.scrollHeight - frame.clientHeight / 2)
  }
  const field = pages && element("input", { type: "number", min: 1, max: pages, onchange: () => turn(Number(field.value) || page) })
  field?.setAttribute("aria-label", words().page)
  const before = pages && button("‹", words().page_before, () => turn(page - 1))
  const after = pages && button("›", words().page_after, () => turn(page + 1))
  const farther = button("−", words().farther, () => nearer(-1))
  const closer = button("+", words().nearer, () => nearer(1))
  if (pages) bar.append(before, field, element("span", { textContent: words().pages.replace("{count}", pages) }), after)
  bar.append(element("span", { className: "d-gap" }), farther, closer)
  const draw = () => {
    farther.disabled = zoom === 0
    closer.disabled = zoom === ZOOMS.length - 1
    if (!pages) return
    field.value = page
    before.disabled = page === 1
    after.disabled = page === Number(pages)
  }
  image.onclick = () => zoom ? nearer(-zoom) : widen()
  Object.assign(view, { fit: () => { zoom = 0; redraw() }, turn: pages ? (step) => turn(page + step) : null, nearer })
  redraw()
}

// ── clicks and keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function clicked(event) {
  if (!component || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  const link = event.composedPath().find((each) => each.matches?.("a[href]"))
  if (!link) return
  if (OPENS.test(link.getAttribute("href"))) {
    event.preventDefault()
    open(link.getAttribute("href"), link)
  } else if (link.matches(".d-panel a.d-show")) {
    event.preventDefault()
    hide()
    history.replaceState(null, "", location.pathname + location.search)
    component.setTriggerValue("show", link.dataset.source)
  }
}

function pressed(event) {
  if (!component || panel.hidden || event.ctrlKey || event.metaKey || event.altKey) return
  const target = event.composedPath()[0]
  const writing = target.closest?.("input, textarea, canvas, audio, video, [contenteditable], [role=combobox]")
  const view = panel.querySelector(".d-view")
  const done = () => { event.preventDefault(); event.stopImmediatePropagation() }
  if (event.key === "Escape") {
    if (document.querySelector('dialog[open], [role=dialog], [role=listbox]')) return
    done()
    panel.classList.contains("d-full") && !state().group.length ? widen() : close()
  } else if (writing) return
  else if ((event.key === "+" || event.key === "-") && view?.nearer) {
    done()
    view.nearer(event.key === "+" ? 1 : -1)
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const step = event.key === "ArrowLeft" ? -1 : 1
    if (view?.turn && !view.querySelector(".d-near")) done(), view.turn(step)
    else if (!view?.querySelector(".d-near")) panel.querySelector(`.d-ways a[data-way="${step < 0 ? "before" : "after"}"]`)?.click()
  }
}

document.addEventListener("click", clicked, true)
window.addEventListener("keydown", pressed, true)
window.addEventListener("popstate", () => component && show())
window.addEventListener("hashchange", () => { // that others set
  if (!component) return
  if (OPENS.test(location.hash) && !history.state?.diptych) note({ depth: 1 }, location.hash, false)
  show()
})

export default function (mounted) {
  const before = component?.data
  component = mounted
  if (!panel) {
    panel = element("aside", { className: "d-panel", hidden: true, tabIndex: -1 })
    panel.setAttribute("aria-label", words().source)
  }
  if (!panel.isConnected) document.querySelector(".stApp").append(panel)
  const elsewhere = before && (before.where !== component.data.where || before.conversation !== component.data.conversation)
  if (!panel.hidden && elsewhere) hide()
  if (!shown) show()
}
