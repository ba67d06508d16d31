// Menus are <details>: they open by themselves. This closes them on Escape, outside clicks and when the focus leaves.

export function menus(root) {
  const opened = () => root.querySelectorAll("details[data-menu][open]");

  root.addEventListener("click", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  root.addEventListener("focusin", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  foldOnNarrowScreens(root);
}

// The list of sections is open at the side of a wide screen and folded on a phone.
function foldOnNarrowScreens(root) {
  const narrow = matchMedia("(max-width: 56em)");
  const fold = () => { for (const sheet of root.querySelectorAll("details[data-fold-narrow]")) sheet.open = !narrow.matches; };
  fold();
  narrow.addEventListener("change", fold);
}
