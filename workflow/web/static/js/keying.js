// Comfort for keying from paper: Enter goes on to the next box, a number leads to its question.
// Nothing is sent by accident; every button does the same without this file.

const BOXES = "input:not([type=hidden]), select, textarea";

export function keying(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = event.target;
    if (!box.matches("input:not([type=file])")) return;
    event.preventDefault();
    if (box.matches("[data-jump]")) return jump(form, box);
    step(form, box, event.shiftKey ? -1 : 1);
  });
  form.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.contains(document.activeElement)) event.target.querySelector(BOXES)?.focus();
  }, true);
}

// Boxes of folded lines are passed over, as Tab does.
const open = (box) => !box.closest("details:not([open])") && !box.disabled;

function step(form, box, by) {
  const boxes = [...form.querySelectorAll(BOXES)].filter(open);
  const next = boxes[boxes.indexOf(box) + by];
  next?.focus();
  next?.select?.();
}

function jump(form, box) {
  const wanted = box.value.replaceAll(" ", "").toLowerCase();
  const found = [...form.querySelectorAll("[data-number]")].find((one) => one.dataset.number.toLowerCase() === wanted);
  if (!found) return box.select();
  for (let line = found.closest("details"); line; line = line.parentElement.closest("details")) line.open = true;
  found.focus();
  found.select?.();
  box.value = "";
}
