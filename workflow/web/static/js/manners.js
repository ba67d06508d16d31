// Small courtesies: the error summary takes the focus, a form is sent once, a button prints.

export function manners(root) {
  root.querySelector("[data-focus]")?.focus();
  for (const form of root.querySelectorAll("form[data-once]")) sendOnce(form);
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

// The button is marked, not disabled: a disabled button would not send its own name and value.
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    const button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    if (button?.dataset.working) button.textContent = button.dataset.working;
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
