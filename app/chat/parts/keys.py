"""The keyboard: focus in the input at the start, Escape closes or stops, arrow up recalls, `?` tells the shortcuts; and what one reads
stays where it is when a panel beside it opens."""

from __future__ import annotations

from streamlit.components import v2

from app.chat.language import _, current

_KEYS = v2.component(
    "diptych_keys",
    html="""
<dialog aria-labelledby="d-keys">
  <h2 id="d-keys"></h2>
  <dl></dl>
  <form method="dialog"><button></button></form>
</dialog>
""",
    css="""
dialog { border: 1px solid #e3ddd0; border-radius: .7rem; padding: 1.1rem 1.5rem; color: #22303a; background: #fdfcf9; font: inherit; }
dialog::backdrop { background: rgb(34 48 58 / 25%); }
h2 { font-size: 1.05rem; margin: 0 0 .7rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1rem; }
dt { font-weight: 600; text-align: center; min-width: 2rem; background: #f4f0e7; border-radius: .3rem; }
dd { margin: 0; }
""",
    js="""
const INPUT = '[data-testid="stChatInputTextArea"]'

function fill(area, text) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text)
  area.dispatchEvent(new Event("input", { bubbles: true }))
  area.setSelectionRange(text.length, text.length)
}

let greeted = matchMedia("(pointer: coarse)").matches // a phone would open its keyboard

function greet(tries) {
  if (greeted || !tries || document.activeElement !== document.body) return
  const area = document.querySelector(INPUT)
  if (!area) return setTimeout(greet, 100, tries - 1)
  greeted = true
  area.focus()
}

export default function (component) {
  const { data, parentElement } = component
  const dialog = parentElement.querySelector("dialog")
  document.documentElement.lang = data.language
  dialog.querySelector("h2").textContent = data.title
  dialog.querySelector("button").textContent = data.close
  dialog.querySelector("dl").replaceChildren(...data.keys.flatMap(words => words.map((word, at) => {
    const element = document.createElement(at ? "dd" : "dt")
    element.textContent = word
    return element
  })))

  function pressed(event) {
    const area = document.querySelector(INPUT)
    const target = event.composedPath()[0]
    const writing = target.closest?.("input, textarea, [contenteditable], [role=combobox]")
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return
    if (event.key === "Escape") {
      if (document.querySelector(".d-panel:target")) location.hash = "closed"
      else if (!document.querySelector('[role=dialog], [role=listbox]')) document.querySelector('[class*="st-key-stop-"] button')?.click()
    } else if (event.key === "ArrowUp" && target === area && !area.value && data.last) {
      event.preventDefault()
      fill(area, data.last)
    } else if (!writing && (event.key === "/" || event.key === "?")) {
      event.preventDefault()
      event.key === "?" ? dialog.showModal() : area?.focus()
    }
  }

  function opened(event) {
    const link = event.composedPath().find((each) => each.matches?.('a[href^="#turn-"], a[href^="#picture-"], a[href="#closed"]'))
    const main = document.querySelector("main")
    if (!link || !main) return
    const box = main.getBoundingClientRect()
    const read = link.closest(".d-panel") ? document.elementFromPoint(box.x + box.width / 4, box.y + box.height / 3) : link
    const top = read.getBoundingClientRect().top
    requestAnimationFrame(() => { main.scrollTop += read.getBoundingClientRect().top - top })
  }

  document.addEventListener("keydown", pressed)
  document.addEventListener("click", opened)
  greet(20)
  return () => {
    document.removeEventListener("keydown", pressed)
    document.removeEventListener("click", opened)
  }
}
""",
)


def keys(last: str) -> None:
    """Listen for the shortcuts; `last` is the question that arrow up recalls."""
    shortcuts = [
        ("/", _("write a question")),
        ("↑", _("the last question again, in the empty line")),
        (_("Esc"), _("close what is open; else stop the answer")),
        ("?", _("this list")),
    ]
    words = {"language": current(), "title": _("Keyboard"), "close": _("Close"), "keys": shortcuts}
    _KEYS(key="keys", data={"last": last, **words}, height="content")
