const MARKED = ".d-math:not([data-set])"
const WIDE = ".d-answer pre, .d-passage pre, .d-scroll, .d-math.d-large"

let words = {}
let katex = null // Streamlit's own copy, fetched from the same server when the first formula is seen

async function set(formulas) {
  const { default: maker } = await (katex ??= import(new URL(words.katex, document.baseURI)))
  for (const each of formulas) {
    if (!each.isConnected) continue
    const made = document.createElement("span")
    try {
      maker.render(each.dataset.tex, made, {
        displayMode: each.classList.contains("d-large"), throwOnError: true, strict: false, trust: false, maxSize: 30, maxExpand: 300,
      })
    } catch {
      continue // it stays as it was written
    }
    dressed(made)
    each.replaceChildren(...made.childNodes)
  }
}

// Streamlit's styles are those of KaTeX before 0.17, where "katex-sizing" was called "sizing".
function dressed(made) {
  for (const part of made.querySelectorAll(".katex-html [class*='katex-']")) {
    part.classList.add(...[...part.classList].filter((name) => name.startsWith("katex-")).map((name) => name.slice(6)))
  }
}

function copier(pre) {
  const around = Object.assign(document.createElement("div"), { className: "d-code" })
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.copy })
  button.onclick = async () => {
    await navigator.clipboard.writeText(pre.textContent.replace(/\n$/, ""))
    button.textContent = words.copied
    setTimeout(() => { button.textContent = words.copy }, 1500)
  }
  pre.replaceWith(around)
  around.append(pre, button)
}

function finish() {
  const formulas = [...document.querySelectorAll(MARKED)]
  for (const each of formulas) each.dataset.set = ""
  if (formulas.length && words.katex) set(formulas)
  for (const pre of document.querySelectorAll(".d-answer pre, .d-passage pre")) if (!pre.closest(".d-code")) copier(pre)
  for (const wide of document.querySelectorAll(WIDE)) {
    if (wide.scrollWidth > wide.clientWidth + 1) wide.tabIndex = 0 // to be scrolled by keyboard
    else wide.removeAttribute("tabindex")
  }
}

let due = 0

function soon() {
  cancelAnimationFrame(due)
  due = requestAnimationFrame(finish)
}

new MutationObserver((changes) => {
  if (changes.some((each) => each.addedNodes.length)) soon()
}).observe(document.body, { childList: true, subtree: true })
window.addEventListener("resize", soon)

export default function (component) {
  words = component.data
  soon()
}
