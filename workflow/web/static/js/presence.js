// Says every twenty seconds that this page is open, and shows who else is on the same dossier.
import { announce } from "./live.js";
import { merge } from "./merge.js";

const EVERY = 20000;

export function presence(box) {
  const again = () => setTimeout(() => ask(box).then((goOn) => goOn && again()), EVERY);
  again();
}

// A page nobody looks at says nothing: after a while its reader counts as gone.
async function ask(box) {
  if (document.hidden) return true;
  const response = await fetch(box.dataset.presence, { redirect: "manual", headers: { "X-Relais": "presence" } }).catch(() => null);
  if (response && (response.type === "opaqueredirect" || [401, 404].includes(response.status))) return false;
  if (response?.ok) show(box, await response.text());
  return true;
}

function show(box, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh) return;
  const before = box.textContent.trim();
  merge(box, fresh, () => false);
  const now = box.textContent.trim();
  if (now && now !== before) announce(now);
}
