// Files dropped anywhere on the page go where the form's own choice would; ticks for all.

const form = document.querySelector(".jz-drop");

for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.toggle("jz-over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      form.elements.files.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}

for (const all of document.querySelectorAll(".jz-all")) {
  all.addEventListener("change", () => {
    for (const tick of all.closest("table").querySelectorAll("tbody input")) tick.checked = all.checked;
  });
}
