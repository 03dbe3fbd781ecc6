const INPUT = '[data-testid="stChatInputTextArea"]'
const TYPED = /(?:^|\s)@([^\s@]*)$/

let component = null
let list = null // while it is open
let found = [] // what stands in it
let active = 0
let from = -1 // where the `@` stands
let away = -1 // the `@` whose list was closed
let put = false // whether a click put the `@` there
let coming = null // the request for names that is under way
let eager = null // the key that chooses as soon as they are there

const area = () => document.querySelector(INPUT)

function element(name, className, textContent = "") {
  return Object.assign(document.createElement(name), { className, textContent })
}

function fill(text, caret) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area(), text)
  area().setSelectionRange(caret, caret)
  area().dispatchEvent(new Event("input", { bubbles: true }))
  area().setSelectionRange(caret, caret)
}

// ── what is typed ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function typed() {
  const input = area()
  const before = input?.value.slice(0, input.selectionStart)
  const match = component?.data.where && input === document.activeElement && TYPED.exec(before)
  if (!match) return away = -1, close()
  from = before.length - match[1].length - 1
  if (from !== away) look(match[1])
}

async function look(name) {
  coming?.abort()
  const request = coming = new AbortController()
  const { where, conversation, language, chosen } = component.data
  try {
    const asked = new URLSearchParams({ q: name, c: conversation, l: language })
    const answer = await fetch(`${where}/names?${asked}`, { signal: request.signal })
    const names = answer.ok ? await answer.json() : []
    if (request !== coming) return
    coming = null
    show(names.filter((each) => !each.words.every((word) => chosen.includes(word))))
  } catch (error) {
    if (request === coming) close()
  }
}

function show(names) {
  const key = eager
  eager = null
  found = names
  active = 0
  if (!names.length) {
    close()
    if (key === "Enter") area().dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }))
    return
  }
  if (key) return choose(0)
  draw()
}

// ── the list ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function draw() {
  if (!list) {
    list = element("div", "d-names")
    list.id = "d-names"
    list.setAttribute("role", "listbox")
    list.addEventListener("mousedown", (event) => event.preventDefault()) // the focus stays in the input
    document.querySelector(".stApp").append(list)
  }
  list.setAttribute("aria-label", component.data.title)
  list.replaceChildren(...found.map(option))
  place()
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": list.id, "aria-expanded": "true" }
  for (const [name, value] of Object.entries(told)) area().setAttribute(name, value)
  mark()
}

function option(each, at) {
  const made = element("div", "")
  made.id = `d-name-${at}`
  made.setAttribute("role", "option")
  const icon = element("i", "", each.icon)
  icon.setAttribute("aria-hidden", "true")
  made.append(icon, element("b", "", each.label), element("span", "", each.note))
  made.addEventListener("click", () => choose(at))
  made.addEventListener("mousemove", () => active === at || (active = at, mark()))
  return made
}

function mark() {
  const options = [...list.children]
  options.forEach((each, at) => each.setAttribute("aria-selected", String(at === active)))
  options[active].scrollIntoView({ block: "nearest" })
  area().setAttribute("aria-activedescendant", options[active].id)
}

function place() {
  const box = area()?.closest('[data-testid="stChatInput"]')?.getBoundingClientRect()
  if (!list || !box) return
  Object.assign(list.style, { left: `${box.left}px`, width: `${box.width}px`, bottom: `${innerHeight - box.top + 6}px` })
  list.style.maxHeight = `${Math.min(box.top - 16, 336)}px`
}

function choose(at) {
  const { words } = found[at]
  const [input, start] = [area(), from]
  const [before, after] = [input.value.slice(0, start), input.value.slice(input.selectionStart)]
  put = false
  close()
  fill(before + after.replace(/^ /, ""), start)
  component.setTriggerValue("chosen", words)
}

function close() {
  coming?.abort()
  coming = eager = null
  list?.remove()
  list = null
  for (const name of ["role", "aria-autocomplete", "aria-haspopup", "aria-controls", "aria-expanded", "aria-activedescendant"]) {
    area()?.removeAttribute(name)
  }
  const input = area()
  if (put && input?.value[from] === "@" && input.value.length === from + 1) put = false, fill(input.value.slice(0, from).trimEnd(), from)
  put = false
}

// ── keys and clicks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function pressed(event) {
  if (!(list || coming) || event.target !== area() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const chooses = (event.key === "Enter" || event.key === "Tab") && !event.shiftKey
  if (step && list) active = (active + step + found.length) % found.length, mark()
  else if (chooses) coming ? eager = event.key : choose(active)
  else if (event.key === "Escape") away = from, close()
  else return
  event.preventDefault()
  event.stopImmediatePropagation()
}

function opened() {
  const input = area()
  if (!input) return
  if (list) return input.focus(), close()
  const text = input.value + (/\S$/.test(input.value) ? " @" : "@")
  input.focus()
  put = true
  away = -1
  fill(text, text.length)
}

window.addEventListener("keydown", pressed, true)
window.addEventListener("resize", place)
document.addEventListener("input", (event) => event.target === area() && typed())
document.addEventListener("click", (event) => {
  if (event.composedPath().some((each) => each.matches?.("button[data-names]"))) opened()
  else if (event.target === area()) typed()
})
document.addEventListener("focusout", (event) => event.target === area() && close())

export default function (mounted) {
  component = mounted
}
