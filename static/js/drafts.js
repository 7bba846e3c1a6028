// Drafts that are saved while somebody types, on top of a form that can be saved without any script.
"use strict";

(() => {
  const { find, findAll, on, make, button } = window.app;

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
      // What is approved is not saved by itself: that would end its Freigabe. It is kept here until somebody decides.
      this.keepsOnly = !form.dataset.autosaveUrl;
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
      if (this.keepsOnly) {
        store.put(this.key, typed(this.form));
        this.say("In diesem Browser gesichert. Die Freigabe gilt noch für den alten Text.", "saved");
        return false;
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
      if (this.leaving || this.keepsOnly || !this.isDirty() || event.submitter?.name === "trotzdem") {
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

  for (const form of findAll("form[data-autosave-key]")) new Draft(form);
})();
