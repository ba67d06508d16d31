// A slider beside the box of a number: one moves the other. Only the box is sent.
export function sliders(root) {
  root.addEventListener("input", (event) => {
    const slider = event.target.closest?.("input[data-slider]");
    if (slider) boxOf(slider).value = local(slider.value);
    else follow(root, event.target);
  });
}

const boxOf = (slider) => document.getElementById(slider.dataset.slider);
const local = (number) => (document.documentElement.lang === "en" ? number : number.replace(".", ","));

function follow(root, box) {
  const slider = box.id && root.querySelector(`input[data-slider="${CSS.escape(box.id)}"]`);
  const number = box.value?.trim().replace(",", ".");
  if (slider && number !== "" && !Number.isNaN(Number(number))) slider.value = number;
}
