// Asks again for a fragment until it says it is done: the progress of a paper, without reloading.
import { announce } from "./live.js";
import { merge } from "./merge.js";

const FIRST = 1000;
const SLOWEST = 5000;

export function poll(box, delay = FIRST) {
  if ("done" in box.dataset || !box.dataset.poll) return;
  setTimeout(() => ask(box, Math.min(delay * 1.4, SLOWEST)), delay);
}

async function ask(box, delay) {
  if (document.hidden) return poll(box, SLOWEST);
  const response = await fetch(box.dataset.poll, { redirect: "manual", headers: { "X-Relais": "poll" } }).catch(() => null);
  if (response && (response.status === 401 || response.type === "opaqueredirect")) return undefined;
  if (!response?.ok) return poll(box, SLOWEST);
  return poll(show(box, await response.text()), delay);
}

function show(box, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh) return box;
  const before = sentence(box);
  merge(box, fresh, () => false);
  if (sentence(box) !== before) announce(sentence(box));
  return box;
}

const sentence = (box) => box.querySelector("[data-announce]")?.textContent.trim() ?? "";
