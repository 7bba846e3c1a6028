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

  // --- Plan: arrow keys go from day to day, within a day the tabulator -----------------------------------------------
  const DAY_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  on("keydown", "[data-calendar] .app-day", (event, day) => {
    if (!(event.key in DAY_STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    const days = findAll(".app-day", day.closest("[data-calendar]")).filter((other) => find("a, button", other));
    const next = days[days.indexOf(day) + DAY_STEPS[event.key]];
    if (!next) return;
    event.preventDefault();
    find("a, button", next).focus();
  });

  // An entry that was moved gets the focus back, wherever it stands now.
  const MOVED = /^#beitrag-(\d+)$/.exec(location.hash);
  if (MOVED) find(`:is([data-calendar], .app-table) a[href="/redaktion/beitraege/${MOVED[1]}/"]`)?.focus();

  // With the pointer: dropping an entry on another day sends what its page "Verschieben" would send, at the same time of
  // day. The server asks first where a Freigabe would end. A day takes entries if a new Beitrag may be begun on it.
  const dayOf = (cell) => /slot=(\d{4}-\d\d-\d\d)/.exec(find("a[href*='slot=']", cell)?.search || "")?.[1];
  let dragged = null;

  findAll("[data-calendar] .app-move").forEach((link) => (link.parentElement.draggable = true));
  on("dragstart", "[data-calendar] li[draggable]", (event, entry) => {
    dragged = entry;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", find(".app-entry__text", entry).textContent);
  });
  on("dragend", "[data-calendar] li[draggable]", () => {
    dragged = null;
    findAll(".app-day--target").forEach((cell) => cell.classList.remove("app-day--target"));
  });
  on("dragover", "[data-calendar] .app-day", (event, cell) => {
    if (!dragged || !dayOf(cell) || cell.contains(dragged)) return;
    event.preventDefault();
    findAll(".app-day--target").forEach((other) => other !== cell && other.classList.remove("app-day--target"));
    cell.classList.add("app-day--target");
  });
  on("drop", "[data-calendar] .app-day", (event, cell) => {
    if (!dragged || !dayOf(cell) || cell.contains(dragged)) return;
    event.preventDefault();
    const form = make("form", "", "", { method: "post", action: find(".app-move", dragged).href, hidden: "" });
    const values = {
      csrfmiddlewaretoken: find("input[name=csrfmiddlewaretoken]").value,
      slot: `${dayOf(cell)}T${find(".app-entry__time", dragged).textContent.trim()}`,
      zurueck: location.pathname + location.search,
    };
    for (const [name, value] of Object.entries(values)) form.append(make("input", "", "", { type: "hidden", name, value }));
    document.body.append(form);
    form.requestSubmit();
  });

  // --- Drafts: saved while typing, kept in this browser when the server cannot take them -----------------------------
  const STORE = "entwurf:";
  const TYPING_PAUSE_MS = 3000;
  const RETRY_MS = 15000;
  const KEPT_DAYS = 7;

  const store = {
    // Private windows may refuse storage: then the text still stands in the form.
    attempt(act) {
      try {
        return act();
      } catch {
        return null;
      }
    },
    put: (key, text) => store.attempt(() => localStorage.setItem(STORE + key, JSON.stringify({ at: Date.now(), text }))),
    get: (key) => store.attempt(() => JSON.parse(localStorage.getItem(STORE + key))),
    drop: (key) => store.attempt(() => localStorage.removeItem(STORE + key)),
    keys: () => store.attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(STORE))) || [],
  };
  const clock = (ms) => new Intl.DateTimeFormat("de-DE", { timeStyle: "short", timeZone: "Europe/Berlin" }).format(ms);

  on("submit", "form[data-forget-drafts]", () => store.keys().forEach((key) => store.drop(key.slice(STORE.length))));
  for (const key of store.keys().map((key) => key.slice(STORE.length))) {
    if (Date.now() - (store.get(key)?.at || 0) > KEPT_DAYS * 86400000) store.drop(key);
  }

  // Hidden fields (token, version) are the server's, files cannot be kept: neither is what somebody typed.
  function typed(form) {
    const hidden = new Set(findAll("input[type=hidden]", form).map((input) => input.name));
    return JSON.stringify([...new FormData(form)].filter(([name, value]) => !hidden.has(name) && typeof value === "string"));
  }

  function fill(form, text) {
    const values = new Map();
    for (const [name, value] of JSON.parse(text)) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
      const wanted = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field.type === "select-multiple") for (const one of field.options) one.selected = wanted.includes(one.value);
      else if (wanted.length) field.value = wanted.shift();
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function renewToken() {
    const answer = await fetch(location.href, { redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = find("input[name=csrfmiddlewaretoken]", page)?.value;
    for (const input of findAll("input[name=csrfmiddlewaretoken]")) if (token) input.value = token;
    return Boolean(token);
  }

  class Draft {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.autosaveKey;
      this.status = find("[data-autosave-status]");
      this.saved = "unsaved" in form.dataset ? "" : typed(form);
      this.offerKept();
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      form.addEventListener("submit", (event) => this.beforeSending(event), true);
      document.addEventListener("keydown", (event) => {
        if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.save();
      });
      window.addEventListener("beforeunload", (event) => {
        if (this.isDirty() && !this.leaving) event.preventDefault();
      });
      window.addEventListener("focus", () => this.waitsForLogin && this.tryAgain());
    }

    isDirty() {
      return typed(this.form) !== this.saved;
    }

    changed() {
      if (!this.isDirty()) return;
      if (this.status) this.status.dataset.state = "dirty";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), TYPING_PAUSE_MS);
    }

    say(text, state) {
      if (!this.status) return;
      this.status.dataset.state = state;
      if (this.status.textContent !== text) this.status.textContent = text;
    }

    // Gives true when the server has everything that was typed.
    async save() {
      clearTimeout(this.timer);
      while (this.running) await this.running;
      if (!this.isDirty()) {
        this.say(this.savedAt ? `Gespeichert ${this.savedAt}` : "Keine Änderungen", "saved");
        return true;
      }
      this.running = this.send(typed(this.form));
      const taken = await this.running;
      this.running = null;
      return taken;
    }

    async send(text, isSecondTry = false) {
      store.put(this.key, text);
      let answer;
      try {
        const body = new FormData(this.form);
        for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
        answer = await fetch(this.form.dataset.autosaveUrl, {
          method: "POST",
          body,
          headers: { "X-Autosave": "1", Accept: "application/json" },
          redirect: "manual",
          credentials: "same-origin",
          signal: AbortSignal.timeout(RETRY_MS),
        });
      } catch {
        return this.failed("Keine Verbindung. Ihr Text steht noch da und ist in diesem Browser gesichert.");
      }
      if (answer.ok) return this.took(text, await answer.json().catch(() => ({})));
      if (answer.status === 403 && !isSecondTry && (await renewToken().catch(() => false))) return this.send(text, true);
      if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return this.expired();
      const { message, conflict } = await answer.json().catch(() => ({}));
      this.showConflict(conflict || "");
      if (message) {
        if (this.waitsForLogin) this.notice.remove();
        this.waitsForLogin = false;  // the server knows this person again and refuses for another reason
        this.say(message, "problem");
        return false;
      }
      return this.failed("Speichern hat nicht geklappt. Ihr Text steht noch da und ist in diesem Browser gesichert.");
    }

    // Both texts with what can be done, above the form. The focus stays where somebody is typing; a button beside the
    // message leads there.
    showConflict(html) {
      const place = find("[data-conflict]");
      if (!place || this.conflict === html) return;
      this.conflict = html;
      const wasThere = place.contains(document.activeElement);
      place.innerHTML = html;
      this.toConflict?.remove();
      if (!html) return;
      const look = () => place.firstElementChild.focus();
      if (wasThere) look();
      this.toConflict = button("Beide Texte ansehen", "kern-btn--secondary");
      this.toConflict.addEventListener("click", look);
      this.status.after(this.toConflict);
    }

    took(text, { saved_at: savedAt, fields = {}, url, autosave_url: autosaveUrl, autosave_key: key }) {
      this.saved = text;
      this.savedAt = savedAt || clock(Date.now());
      this.waitsForLogin = false;
      this.notice?.remove();
      this.showConflict("");
      store.drop(this.key);
      for (const [name, value] of Object.entries(fields)) {
        const input = this.form.elements.namedItem(name);
        if (input) input.value = value;
      }
      if (autosaveUrl) this.form.dataset.autosaveUrl = autosaveUrl;
      if (key) this.key = key;
      if (url) {
        this.form.action = url;
        history.replaceState(null, "", url);
      }
      this.say(`Gespeichert ${this.savedAt}`, "saved");
      if (this.isDirty()) this.changed();
      return true;
    }

    failed(message) {
      this.say(message, "problem");
      this.timer = setTimeout(() => this.tryAgain(), RETRY_MS);
      return false;
    }

    expired() {
      if (!this.waitsForLogin) {
        this.waitsForLogin = true;
        this.tell("Ihre Anmeldung ist abgelaufen. Ihr Text steht noch da und ist in diesem Browser gesichert. " +
          "Melden Sie sich in einem neuen Fenster an, danach wird hier von selbst gespeichert.",
          button("Neu anmelden (neues Fenster)", "kern-btn--secondary", "a", {
            href: document.body.dataset.loginUrl, target: "_blank", rel: "noopener" }));
      }
      return this.failed("Noch nicht gespeichert: Anmeldung abgelaufen.");
    }

    async tryAgain() {
      clearTimeout(this.timer);
      if (this.waitsForLogin && !(await renewToken().catch(() => false))) {
        this.timer = setTimeout(() => this.tryAgain(), RETRY_MS);
        return;
      }
      await this.save();
    }

    tell(text, ...actions) {
      this.notice?.remove();
      this.notice = make("div", "app-message app-message--warning", "", { role: "alert" });
      const body = make("div", "app-stack app-stack--tight", "");
      const row = make("div", "app-cluster", "");
      row.append(...actions);
      body.append(make("p", "", text), row);
      this.notice.append(make("span", "kern-icon kern-icon--warning", "", { "aria-hidden": "true" }), body);
      this.form.prepend(this.notice);
    }

    offerKept() {
      const kept = store.get(this.key);
      const isHere = kept?.text === typed(this.form);
      if (isHere && !("unsaved" in this.form.dataset)) store.drop(this.key);
      if (!kept || isHere) return;
      const take = button("Wiederherstellen", "kern-btn--secondary");
      const leave = button("Verwerfen", "kern-btn--tertiary");
      take.addEventListener("click", () => {
        this.notice.remove();
        fill(this.form, kept.text);
      });
      leave.addEventListener("click", () => {
        this.notice.remove();
        store.drop(this.key);
      });
      this.tell(`In diesem Browser liegt eine Fassung von ${clock(kept.at)} Uhr, die nicht gespeichert werden konnte.`, take, leave);
    }

    // Save first: if the log-in has ended, the person stays on the page with everything typed.
    async beforeSending(event) {
      // Whoever decided a conflict has decided: saving by itself would only be refused once more.
      if (this.leaving || !this.isDirty() || event.submitter?.name === "trotzdem") {
        this.leaving = true;
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      const { submitter } = event;
      await this.save();
      if (this.waitsForLogin) return;
      this.leaving = true;
      this.form.requestSubmit(submitter);
    }
  }

  for (const form of findAll("form[data-autosave-url]")) new Draft(form);

  // A passkey that was not given, or a device that has none: said on the page.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const words of findAll("[data-passkey-failed]")) words.hidden = false;
  });
})();
