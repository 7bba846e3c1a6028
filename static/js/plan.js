// The plan by keyboard and by dragging; without script there is „Verschieben …“ at every Beitrag.
"use strict";

(() => {
  const { find, findAll, on, make } = window.app;

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
})();
