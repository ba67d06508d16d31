// A box to sign in with the finger, the mouse or a pen. What was drawn becomes the picture that the page sends;
// typing the name, or sending a picture, does the same without this file.

export function signatures(root) {
  root.addEventListener("pointerdown", (event) => {
    const canvas = event.target.closest?.("[data-signature] canvas");
    if (canvas && event.isPrimary) draw(canvas, event);
  });
  root.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-signature]");
    if (!box) return;
    if (event.target.closest("[data-clear]")) clear(box);
    if (event.target.closest("[data-keep]")) keep(box);
  });
}

function draw(canvas, start) {
  const pen = canvas.getContext("2d");
  const scale = canvas.width / canvas.getBoundingClientRect().width;
  canvas.setPointerCapture(start.pointerId);
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2430" });
  if (!canvas.dataset.drawn) paper(canvas, pen);
  pen.beginPath();
  pen.moveTo(start.offsetX * scale, start.offsetY * scale);
  const move = (event) => { pen.lineTo(event.offsetX * scale, event.offsetY * scale); pen.stroke(); };
  canvas.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => lift(canvas, move), { once: true });
}

function lift(canvas, move) {
  canvas.removeEventListener("pointermove", move);
  const box = canvas.closest("[data-signature]");
  if ("auto" in box.dataset) keep(box); // the form is sent as a whole: nobody presses "keep" first
}

function paper(canvas, pen) {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  canvas.dataset.drawn = "1";
}

function clear(box) {
  const canvas = box.querySelector("canvas");
  if ("auto" in box.dataset) document.getElementById(box.dataset.signature).value = "";
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  delete canvas.dataset.drawn;
}

function keep(box) {
  const canvas = box.querySelector("canvas");
  const field = document.getElementById(box.dataset.signature);
  if (!canvas.dataset.drawn) return field.focus();
  return canvas.toBlob((picture) => {
    const sent = new DataTransfer();
    sent.items.add(new File([picture], "signature.png", { type: "image/png" }));
    field.files = sent.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, "image/png");
}
