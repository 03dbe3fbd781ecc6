const INPUT = '[data-testid="stChatInputTextArea"]'
const OPEN = "[role=dialog], [role=listbox], dialog[open]"
const TURN = '[data-testid="stChatMessage"]'
const PAGE = '[data-testid="stMainBlockContainer"]'
const touch = matchMedia("(pointer: coarse)").matches // a phone would open its keyboard

let greeted = "" // the conversation in whose input the focus was set
let edited = "" // the question that is edited
let heard = "" // what was said and stands in the input
let asked = {} // how many turns the conversation had

// ── the page as a whole ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

// Streamlit tells its colour scheme to .stApp alone; popovers and dialogs stand beside it.
function dress() {
  const app = document.querySelector(".stApp")
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme
}

new MutationObserver(dress).observe(document.body, { subtree: true, attributeFilter: ["class"] })

function fill(area, text) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text)
  area.dispatchEvent(new Event("input", { bubbles: true }))
  area.setSelectionRange(text.length, text.length)
}

// What is not drawn yet is waited for: a tenth of a second, so many times.
function soon(selector, then, tries = 30) {
  const found = [...document.querySelectorAll(selector)].at(-1)
  if (!then(found) && tries) setTimeout(soon, 100, selector, then, tries - 1)
}

let acted = 0 // when one last clicked, scrolled or pressed a key

// The input has the focus at the start of a conversation, unless one is writing elsewhere or has gone on meanwhile.
function greet(conversation) {
  if (touch || greeted === conversation) return
  greeted = conversation
  const began = performance.now()
  soon(INPUT, (area) => {
    if (area && acted < began && !document.activeElement.closest("input, textarea, [role=combobox], .d-panel")) area.focus()
    return area
  })
}

// A question that is edited is seen with its buttons, and has the focus.
function edit(key) {
  if (edited === key) return
  edited = key
  if (!key) return
  soon('[class*="st-key-editor-"] textarea', (area) => {
    if (!area) return false
    held = false
    area.focus({ preventScroll: true })
    area.setSelectionRange(area.value.length, area.value.length)
    area.closest('[class*="st-key-editor-"]').scrollIntoView({ block: "nearest" })
    return true
  })
}

// What was said stands before what is written meanwhile, to be corrected and sent.
function hear(said) {
  if (!said || heard === said.id) return
  heard = said.id
  soon(INPUT, (area) => {
    if (!area) return false
    fill(area, [said.words, area.value].filter(Boolean).join(" "))
    area.focus()
    return true
  })
}

// A new turn is shown from its question on, wherever one was reading, and stays there while the answer grows below it.
const questions = () => [...document.querySelectorAll("main .d-question")].map((each) => each.closest(TURN))

let shown = null // the number of the turn that is held so
let held = false // until one scrolls or clicks
let moving = 0 // until when the page is taken back to it: what is drawn anew is lower for a moment, and Streamlit goes to the end of it

function show(count) {
  shown = count
  soon("main .d-question", () => {
    const turn = questions()[count - 1]
    if (!turn) return false
    held = true
    growing.disconnect()
    growing.observe(turn.closest(PAGE).firstElementChild)
    drawing.observe(turn.closest(PAGE), { childList: true, subtree: true })
    move()
    grow()
    if (document.activeElement === document.body && !touch) document.querySelector(INPUT)?.focus({ preventScroll: true })
    return true
  })
}

// As much room below the answer as its question needs to stand at the top; it shrinks as the answer grows.
function room() {
  const turn = shown && questions()[shown - 1]
  if (!turn) return
  const [page, main, below] = [turn.closest(PAGE), turn.closest("main"), document.querySelector('[data-testid="stBottom"]')]
  const used = page.firstElementChild.getBoundingClientRect().bottom - turn.getBoundingClientRect().top
  const free = main.clientHeight - (below?.offsetHeight ?? 0) - parseFloat(getComputedStyle(turn).scrollMarginTop)
  page.style.paddingBottom = `${Math.max(16, free - used + 24)}px`
}

function grow() {
  room()
  hold()
}

function move() {
  moving = performance.now() + 600
}

const growing = new ResizeObserver(grow)
const drawing = new MutationObserver(move)

// Streamlit goes to the end of the page on and on, until one scrolls: this does.
function hold() {
  if (!held || performance.now() > moving) return
  const turn = shown && questions()[shown - 1]
  const main = turn && turn.closest("main")
  if (!main) return
  main.dispatchEvent(new Event("pointerdown"))
  main.scrollTop += turn.getBoundingClientRect().top - main.getBoundingClientRect().top - parseFloat(getComputedStyle(turn).scrollMarginTop)
}

// Whoever scrolls or clicks goes where they like.
function release(event) {
  if (event.isTrusted) acted = performance.now()
  if (event.isTrusted && event.target !== document.querySelector(INPUT)) held = false
}

for (const way of ["wheel", "touchmove", "pointerdown", "keydown"]) window.addEventListener(way, release, { capture: true, passive: true })
window.addEventListener("scroll", hold, { capture: true, passive: true })

function leave() {
  shown = null
  held = false
  growing.disconnect()
  drawing.disconnect()
  const page = document.querySelector(PAGE)
  if (page) page.style.paddingBottom = ""
}

// ── the keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function step(way) {
  const ways = document.querySelector(".d-panel:not([hidden]) .d-ways")
  if (ways) return ways.querySelector(`a[data-way="${way}"]`)?.click()
  const marks = [...document.querySelectorAll("main .d-answer a.d-cite")]
  const last = marks.at(-1)?.closest(".d-answer")
  marks.find((each) => each.closest(".d-answer") === last)?.click()
}

function escape(area, target) {
  const stop = document.querySelector('[class*="st-key-stop-"] button')
  const cancel = document.querySelector('[class*="st-key-cancel-"] button') // of the question that is edited
  if (document.querySelector(OPEN)) return
  else if (cancel && target !== area) cancel.click()
  else if (stop) stop.click()
  else if (target === area) area.blur()
}

function begin() {
  document.querySelector(".st-key-new button")?.click()
}

let wished = -1 // when one asked for the input that stands there, and did nothing since

function write(area) {
  if (!area || !data.conversation) return begin()
  wished = acted
  area.focus()
}

// The input of a conversation stands there until the page after it is drawn: who asked for it meanwhile is led to the next one.
function lead() {
  if (wished === acted) begin()
  wished = -1
}

function pressed(event) {
  const area = document.querySelector(INPUT)
  const target = event.composedPath()[0]
  const writing = target.closest?.("input, textarea, [contenteditable], [role=combobox]")
  if (!data || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return
  if (event.key === "Escape") return escape(area, target)
  if (event.key === "ArrowUp" && target === area && !area.value && data.last) {
    event.preventDefault()
    return fill(area, data.last)
  }
  if (writing || document.querySelector(OPEN)) return
  const does = {
    "/": () => write(area),
    "?": () => dialog.showModal(),
    n: begin,
    l: () => document.querySelector(".st-key-way-library button")?.click(),
    j: () => step("after"),
    k: () => step("before"),
  }[event.key]
  if (!does) return
  event.preventDefault()
  event.stopImmediatePropagation() // Streamlit has keys of its own
  does()
}

// ── the list of them, and what is drawn anew with every run of the page ─────────────────────────────────────────────────────────────

let data = null

const element = (name, words = "") => Object.assign(document.createElement(name), { textContent: words })
const dialog = element("dialog")
const [title, list, close] = [element("h2"), element("dl"), element("button")]
const form = element("form")
dialog.className = "d-keys"
title.id = "d-keys"
dialog.setAttribute("aria-labelledby", title.id)
form.method = "dialog"
form.append(close)
dialog.append(title, list, form)
document.body.append(dialog)
window.addEventListener("keydown", pressed)
window.addEventListener("popstate", () => { acted = performance.now() }) // who goes back does something too

export default function (component) {
  data = component.data
  document.documentElement.lang = data.language
  title.textContent = data.title
  close.textContent = data.close
  list.replaceChildren(...data.keys.flatMap(([key, words]) => [element("dt", key), element("dd", words)]))
  dress()
  edit(data.editing)
  hear(data.heard)
  const before = asked[data.conversation]
  asked = { [data.conversation]: data.turns }
  if (before === undefined) leave()
  if (!data.conversation) lead()
  if (data.conversation && !data.turns) greet(data.conversation)
  else greeted = "" // who comes back is greeted again
  if (data.turns > (before ?? (data.asked ? 0 : data.turns))) show(data.turns)
}
