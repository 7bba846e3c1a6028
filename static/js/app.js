// Comforts on top of pages that work without any script. No framework, no inline code, nothing from elsewhere.
"use strict";

(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const element = event.target instanceof Element ? event.target.closest(selector) : null;
      if (element) act(event, element);
    });

  function make(tag, className, text, attributes = {}) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function button(label, className, tag = "button", attributes = { type: "button" }) {
    const element = make(tag, `kern-btn ${className}`, "", attributes);
    element.append(make("span", "kern-label", label));
    return element;
  }

  // For the scripts of single pages, which are loaded after this one.
  window.app = { find, findAll, on, make, button };

  document.documentElement.classList.add("js");

  // --- Focus: the error summary first, else the field that a link from another page names ------------------------
  const FOCUSABLE = "input:not([type=hidden]), select, textarea, button, a[href]";

  function jumpTo(id) {
    const target = id && document.getElementById(id);
    if (!target) return false;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const field = target.matches(FOCUSABLE) ? target : find(FOCUSABLE, target) || target;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return true;
  }

  const summary = find("[data-error-summary]");
  if (summary) summary.focus();
  else if (location.hash.startsWith("#id_")) jumpTo(location.hash.slice(1));

  on("click", "a[data-jump]", (event, link) => {
    if (link.pathname !== location.pathname || !jumpTo(link.hash.slice(1))) return;
    event.preventDefault();
    // The words that are meant are marked in the field itself, so that typing replaces them.
    const field = document.activeElement;
    const words = link.dataset.select;
    const place = words && field.matches("textarea") ? field.value.indexOf(words) : -1;
    if (place >= 0) field.setSelectionRange(place, place + words.length);
  });

  // --- Sending: ask where it is dangerous, save where something was typed, and send only once --------------------
  const UNLOCK_MS = 15000;

  function unlock(form) {
    delete form.dataset.sent;
    findAll("[data-locked]", form).forEach((element) => element.removeAttribute("data-locked"));
  }

  function ask(form, submitter) {
    const dialog = make("dialog", "kern-dialog kern-layer kern-level-2", "", { "aria-labelledby": "frage-titel", "aria-describedby": "frage-text" });
    const head = make("header", "kern-dialog__header", "");
    head.append(make("h2", "kern-title", `${form.dataset.confirmLabel || "Wirklich ausführen"}?`, { id: "frage-titel" }));
    const body = make("section", "kern-dialog__body", "");
    body.append(make("p", "kern-body", form.dataset.confirm, { id: "frage-text" }));
    const foot = make("footer", "kern-dialog__footer", "");
    const no = button("Abbrechen", "kern-btn--secondary");
    const yes = button(form.dataset.confirmLabel || "Ja", "kern-btn--primary");
    foot.append(no, yes);
    dialog.append(head, body, foot);
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      form.dataset.confirmed = "1";
      dialog.close();
      form.requestSubmit(submitter);
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.confirm && !form.dataset.confirmed) {
      event.preventDefault();
      ask(form, event.submitter);
      return;
    }
    delete form.dataset.confirmed;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // Not "disabled": a disabled button would take its name and value out of what is sent.
    if (event.submitter) event.submitter.dataset.locked = "";
    setTimeout(() => unlock(form), UNLOCK_MS);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) findAll("form[data-sent]").forEach(unlock);
  });

  // --- Small helpers ------------------------------------------------------------------------------------------------
  on("click", "[data-copy]", async (event, element) => {
    const source = find(element.dataset.copy);
    const label = find(".kern-label", element) || element;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      label.textContent = "Kopiert";
    } catch {
      label.textContent = "Bitte von Hand kopieren";
    }
    setTimeout(() => (label.textContent = before), 2500);
  });

  on("click", "[data-insert]", (event, element) => {
    const field = find(element.dataset.into);
    const words = find(element.dataset.insert).textContent.trim();
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const before = start && !/\s$/.test(field.value.slice(0, start)) ? " " : "";
    field.focus();
    field.setRangeText(before + words, start, end, "end");
    // The first gap to fill is marked, so that typing fills it.
    const gap = /\[[^\]\n]+\]/.exec(words);
    const at = start + before.length + (gap ? gap.index : 0);
    if (gap) field.setSelectionRange(at, at + gap[0].length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What was chosen in a list while its new options were on their way stays chosen.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const next = target.matches("select") ? find("select", fragment) : null;
    if (!next) return;
    event.detail.shouldSwap = [...next.options].some((option) => option.value === target.value);
    next.value = target.value;
  });

  on("click", "[data-print]", () => window.print());

  document.addEventListener("click", (event) => {
    for (const box of findAll("details[data-closes][open]")) if (!box.contains(event.target)) box.open = false;
  });
  on("keydown", "details[data-closes][open]", (event, box) => {
    if (event.key !== "Escape") return;
    box.open = false;
    find("summary", box).focus();
  });

  // A passkey that was not given, or a device that has none: said on the page.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const words of findAll("[data-passkey-failed]")) words.hidden = false;
  });
})();
