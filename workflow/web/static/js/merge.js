// Makes `old` look like `fresh` while keeping every node that is still wanted, so that focus,
// caret and open lists survive. `busy(field)` tells fields changed since the question was sent.

const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
// What the reader sets by hand is never overwritten as an attribute, only through mergeField.
const HELD = { INPUT: ["value", "checked"], OPTION: ["selected"], DETAILS: ["open"] };

const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
const keyOf = (node) => (isElement(node) ? node.dataset?.item ?? (node.id || null) : null);
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

export function merge(old, fresh, busy) {
  if (!isElement(old)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  mergeAttributes(old, fresh);
  if (old.nodeName !== "TEXTAREA") mergeChildren(old, fresh, busy);
  if (FIELDS.has(old.nodeName)) mergeField(old, fresh, busy);
}

function mergeAttributes(old, fresh) {
  const held = HELD[old.nodeName] ?? [];
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !held.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !held.includes(name)) old.setAttribute(name, value);
  }
}

function mergeField(old, fresh, busy) {
  if (old.type === "file" || old.dataset.sieve !== undefined) return;
  if (old.type === "checkbox" || old.type === "radio") {
    const another = old.value !== fresh.value;
    old.value = fresh.value;
    if (another || !busy(old)) old.checked = fresh.checked;
  } else if (old !== document.activeElement && !busy(old) && old.value !== fresh.value) {
    old.value = fresh.value;
  }
}

function mergeChildren(old, fresh, busy) {
  const wanted = [...fresh.childNodes];
  dropUnwanted(old, wanted);
  const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let place = old.firstChild;
  for (const node of wanted) {
    const found = keyOf(node) === null ? place : keyed.get(keyOf(node));
    if (found && keyOf(node) !== null) place = dropUnkeyed(place, found);
    if (!found || !alike(found, node)) {
      old.insertBefore(document.importNode(node, true), place);
      continue;
    }
    merge(found, node, busy);
    // A node already in its place is not moved: moving it would lose the focus inside it.
    if (found === place) place = place.nextSibling;
    else old.insertBefore(found, place);
  }
  while (place) place = dropped(place);
}

function dropUnwanted(old, wanted) {
  for (const node of [...old.childNodes]) {
    const key = keyOf(node);
    if (key !== null && !wanted.some((other) => alike(node, other))) node.remove();
  }
}

function dropUnkeyed(place, found) {
  while (place && place !== found && keyOf(place) === null) place = dropped(place);
  return place;
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
