// The most important spot of a picture: a click fills the two fields, the fields move the mark.
"use strict";

(() => {
  for (const picture of document.querySelectorAll("[data-focus-x]")) {
    const fields = [picture.dataset.focusX, picture.dataset.focusY].map((name) => document.querySelector(name));
    if (fields.some((field) => !field)) continue;
    const mark = document.createElement("span");
    mark.className = "app-focus__mark";
    picture.after(mark);

    const show = () => {
      [mark.style.left, mark.style.top] = fields.map((field) => `${Math.min(100, Math.max(0, Number(field.value)))}%`);
    };
    picture.addEventListener("click", (event) => {
      const frame = picture.getBoundingClientRect();
      const shares = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
      fields.forEach((field, place) => {
        field.value = Math.round(Math.min(1, Math.max(0, shares[place])) * 100);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
    fields.forEach((field) => field.addEventListener("input", show));
    show();
  }
})();
