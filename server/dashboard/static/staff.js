// Small helps for staff pages. Every page works without them.

const poll = document.querySelector("[data-pairing]")
if (poll) {
  const address = poll.dataset.pairing
  const timer = setInterval(async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null)
    if (!answer || !answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return
    const state = await answer.json()
    if (state.words !== poll.textContent) poll.textContent = state.words
    if (state.finished) clearInterval(timer)
  }, 3000)
  setTimeout(() => clearInterval(timer), 10 * 60 * 1000)
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
}

// Paper has nothing to press: what is folded prints open, and folds again afterwards.
let folded = []
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")]
  for (const one of folded) one.open = true
})
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false
})

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy)
    await navigator.clipboard.writeText(text.value ?? text.textContent)
    button.textContent = "Copied"
  })
}

for (const button of document.querySelectorAll("[data-start]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault()
    const field = document.getElementById("reason")
    const begun = button.textContent.trim().replace(/…$/, " ")
    field.value = field.value ? `${field.value} ${begun}` : begun
    field.focus()
  })
}

for (const items of document.querySelectorAll("[data-items]")) {
  const boxes = [...items.querySelectorAll("input")]
  const hint = document.createElement("p")
  hint.className = "nhsuk-hint"
  hint.textContent = "Type one number after the other: the next box comes by itself."
  items.before(hint)
  boxes.forEach((box, n) => {
    box.addEventListener("focus", () => box.select())
    box.addEventListener("input", (event) => {
      if (event.inputType === "insertText" && box.value.length === 1) boxes[n + 1]?.focus()
    })
  })
}
