// Opens what the page asks for. Every page and every form works without this file.
import { autosave } from "./autosave.js";
import { keying } from "./keying.js";
import { locating } from "./locate.js";
import { manners } from "./manners.js";
import { menus } from "./menu.js";
import { poll } from "./poll.js";
import { presence } from "./presence.js";
import { rows } from "./rows.js";
import { shortcut } from "./shortcut.js";
import { sieves } from "./sieve.js";
import { signatures } from "./signature.js";
import { sliders } from "./slider.js";
import { swap } from "./swap.js";

// What only works with a script shows itself only now.
document.documentElement.dataset.script = "";
menus(document);
shortcut(document);
manners(document);
for (const ready of [locating, sieves, signatures, sliders]) ready(document);

for (const form of document.querySelectorAll("form[data-autosave], form[data-swap]")) {
  const saver = form.dataset.autosave ? autosave(form) : null;
  if (form.dataset.swap) rows(form, swap(form, saver));
}
for (const form of document.querySelectorAll("form[data-keying]")) keying(form);
for (const box of document.querySelectorAll("[data-poll]")) poll(box);
for (const box of document.querySelectorAll("[data-presence]")) presence(box);
