"""Buttons that copy what they hold (`data-copy`), heard by one listener for the whole page."""

from __future__ import annotations

from streamlit.components import v2

_COPYING = v2.component(
    "diptych_copying",
    html="<div></div>",
    js="""
async function clicked(event) {
  const button = event.composedPath().find((each) => each.matches?.("button[data-copy]"))
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  const label = button.textContent
  button.textContent = button.dataset.copied
  setTimeout(() => { button.textContent = label }, 1500)
}

document.addEventListener("click", clicked)

export default function () {}
""",
)


def copying() -> None:
    """Let the buttons of this page copy."""
    _COPYING(key="copying", height="content")
