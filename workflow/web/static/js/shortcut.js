// "/" or Ctrl+K goes to the search box, unless somebody is typing.

export function shortcut(root) {
  const box = root.querySelector("[data-shortcut]");
  if (!box) return;
  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!slash && !chord) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
