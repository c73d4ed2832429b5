"use strict";
/* A list that is selected, sorted and counted in the browser; its state is in the address. */
(function () {
  const { load, make, link, state, go, onState, plural, save, csv } = window.ICATcore;
  const explore = document.getElementById("explore");
  const collection = explore.dataset.collection;
  const [facets, tools, count, list, pages] = ["facets", "tools", "count", "rows", "pages"].map((id) => document.getElementById(id));
  const PER_PAGE = 50, FIRST = 8, MOST = 300;
  const OPEN = new Set(["theme", "form", "country"]);
  const SORTS = { last_active: "Newest first", first_active: "Oldest first", label: "By name" };
  const [FIRST_ACTIVE, LAST_ACTIVE, FROM, UNTIL] = [3, 4, 5, 6];
  let table, sets, sought = {};

  load(collection).then(start, () => {});

  function start(found) {
    table = found;
    sets = table.dimensions.map((dimension) => dimension.of.map((values) => new Set(values)));
    explore.classList.add("on");
    facets.hidden = tools.hidden = false;
    drawTools();
    const wide = matchMedia("(min-width:62rem)").matches;
    const filters = make("details", { open: wide }, make("summary", null, "Filters"), ...table.dimensions.map(frame));
    matchMedia("(min-width:62rem)").addEventListener("change", (event) => { filters.open = filters.open || event.matches; });
    facets.append(filters);
    onState(show);
    show();
  }

  // --- what is asked

  function asked() {
    const parameters = state();
    const chosen = table.dimensions.map((dimension) => {
      const wanted = new Set(parameters.getAll(dimension.name));
      const places = [];
      dimension.values.forEach((value, place) => { if (wanted.has(value[0])) places.push(place); });
      return { places, none: wanted.size > 0 && places.length === 0 };
    });
    const year = (name) => (/^\d{4}$/.test(parameters.get(name) || "") ? Number(parameters.get(name)) : null);
    const sort = SORTS[parameters.get("sort")] ? parameters.get("sort") : "last_active";
    return { chosen, since: year("since"), until: year("until"), sort, page: Math.max(1, Number(parameters.get("page")) || 1) };
  }

  function overlaps(first, last, since, until) {
    return (since === null || last === null || last >= since) && (until === null || first === null || first <= until);
  }

  function inTime(row, question) {
    if (question.since === null && question.until === null) return true;
    return row[LAST_ACTIVE] !== null && overlaps(row[FIRST_ACTIVE], row[LAST_ACTIVE], question.since, question.until);
  }

  function mayBe(row, question) { return !inTime(row, question) && overlaps(row[FROM], row[UNTIL], question.since, question.until); }

  /** Return the places of the records that meet all that is chosen, but for one dimension if it is given. */
  function select(question, meets, but) {
    const found = [];
    const active = question.chosen.map((one, place) => [one, place]).filter(([one, place]) => place !== but && (one.places.length || one.none));
    for (let record = 0; record < table.rows.length; record++) {
      if (meets(table.rows[record], question) && active.every(([one, place]) => one.places.some((value) => sets[place][record].has(value)))) found.push(record);
    }
    return found;
  }

  const order = new Intl.Collator("en");
  function sorted(found, by) {
    const rows = table.rows, ids = table.ids;
    const label = (a, b) => order.compare(rows[a][0], rows[b][0]);
    const last = (place, down) => (a, b) => {
      const x = rows[a][place], y = rows[b][place];
      if (x === null || y === null) return (x === null) - (y === null) || (ids[a] < ids[b] ? -1 : 1);
      return (down ? y - x : x - y) || (ids[a] < ids[b] ? -1 : 1);
    };
    return found.slice().sort(by === "label" ? label : by === "first_active" ? last(FIRST_ACTIVE, false) : last(LAST_ACTIVE, true));
  }

  function change(act) {
    const parameters = state();
    parameters.delete("page");
    act(parameters);
    go(parameters);
  }

  function toggle(name, value, on) {
    change((parameters) => {
      const kept = parameters.getAll(name).filter((other) => other !== value);
      parameters.delete(name);
      for (const other of on ? [...kept, value] : kept) parameters.append(name, other);
    });
  }

  // --- what is shown

  function show() {
    const question = asked();
    const found = sorted(select(question, inTime), question.sort);
    const possible = question.since === null && question.until === null ? 0 : select(question, mayBe).length;
    const last = Math.max(1, Math.ceil(found.length / PER_PAGE));
    const page = Math.min(question.page, last);
    list.start = (page - 1) * PER_PAGE + 1;
    list.replaceChildren(...found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(row));
    const more = possible ? ", and " + possible.toLocaleString("en") + " more that may be (dates not stated)" : "";
    count.textContent = plural(found.length, "record") + more + (last > 1 ? ", page " + page + " of " + last : "") + ".";
    drawPages(page, last);
    drawChosen(question);
    table.dimensions.forEach((dimension, place) => drawFacet(dimension, place, question));
    const form = document.getElementById("times");
    form.since.value = question.since || "";
    form.until.value = question.until || "";
    form.sort.value = question.sort;
  }

  function row(record) {
    const [label, line, places] = table.rows[record];
    return make("li", null, link(collection + "/" + table.ids[record] + ".html", label),
      line && make("span", { class: "line", dir: "auto" }, line), places && make("span", { class: "line", dir: "auto" }, places));
  }

  function drawPages(page, last) {
    pages.hidden = last === 1;
    const parameters = state();
    const step = (number, text, rel) => {
      parameters.set("page", number);
      return make("a", { href: "#" + parameters, rel: rel || null, "aria-current": !rel && number === page ? "page" : null, "aria-label": rel ? null : "Page " + number }, text);
    };
    const numbers = [...Array(last).keys()].map((number) => number + 1).filter((number) => number === 1 || number === last || Math.abs(number - page) < 4);
    pages.replaceChildren(...[page > 1 && step(page - 1, "Previous", "prev"),
      make("ol", null, ...numbers.map((number) => make("li", null, step(number, String(number))))),
      page < last && step(page + 1, "Next", "next")].filter(Boolean));
  }

  function drawChosen(question) {
    const chosen = [];
    table.dimensions.forEach((dimension, place) => question.chosen[place].places.forEach((value) => {
      const [name, label] = dimension.values[value];
      const button = make("button", { type: "button", "aria-label": "Remove " + dimension.title + ": " + label }, dimension.title + ": " + label + " ×");
      button.addEventListener("click", () => toggle(dimension.name, name, false));
      chosen.push(make("li", null, button));
    }));
    document.getElementById("chosen").replaceChildren(...chosen);
  }

  function drawTools() {
    const field = (name) => make("div", null, make("label", { for: name }, name === "since" ? "Since" : "Until"),
      make("input", { id: name, name: name, inputmode: "numeric", maxlength: 4, placeholder: "year", autocomplete: "off" }));
    const sort = make("select", { id: "sort", name: "sort" }, ...Object.entries(SORTS).map(([value, text]) => make("option", { value: value }, text)));
    const form = make("form", { id: "times", class: "tools" }, field("since"), field("until"), make("div", null, make("label", { for: "sort" }, "Order"), sort));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      const { name, value } = event.target;
      if (name !== "sort" && value && !/^\d{4}$/.test(value)) return;
      change((parameters) => (value && value !== "last_active" ? parameters.set(name, value) : parameters.delete(name)));
    });
    const download = (text, act) => {
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => load(collection + "-full").then((full) => {
        const question = asked();
        act(sorted(select(question, inTime), question.sort).map((place) => full[place]), full);
      }));
      return button;
    };
    tools.append(form, download("CSV of this view", saveCsv), download("JSON of this view", saveJson));
    tools.after(make("ul", { id: "chosen", class: "chosen", "aria-label": "Chosen" }));
  }

  function saveCsv(records, full) {
    const names = Object.keys(full[0] || {});
    const text = (value) => Array.isArray(value) ? value.map((one) => (typeof one === "object" ? one.type + ":" + one.value : one)).join("; ") : value;
    save(collection + ".csv", "text/csv;charset=utf-8", csv([names, ...records.map((record) => names.map((name) => text(record[name])))]));
  }

  function saveJson(records) { save(collection + ".json", "application/json", JSON.stringify(records, null, 2) + "\n"); }

  // --- facets

  function frame(dimension) {
    const details = make("details", { id: "facet-" + dimension.name, open: OPEN.has(dimension.name) && matchMedia("(min-width:62rem)").matches },
      make("summary", null, dimension.title), make("ul"));
    if (dimension.values.length > FIRST) {
      const seek = make("input", { type: "search", "aria-label": "Find in " + dimension.title, placeholder: "Find in " + dimension.values.length, autocomplete: "off" });
      seek.addEventListener("input", () => {
        sought[dimension.name] = seek.value.toLowerCase();
        drawFacet(dimension, table.dimensions.indexOf(dimension), asked());
      });
      details.querySelector("summary").after(seek);
    }
    details.addEventListener("toggle", () => drawFacet(dimension, table.dimensions.indexOf(dimension), asked()));
    return details;
  }

  /** Count, for each value, the records that there would be with it and all else that is chosen. */
  function counts(place, question) {
    const found = new Array(table.dimensions[place].values.length).fill(0);
    for (const record of select(question, inTime, place)) for (const value of table.dimensions[place].of[record]) found[value]++;
    return found;
  }

  function drawFacet(dimension, place, question) {
    const details = document.getElementById("facet-" + dimension.name);
    const number = question.chosen[place].places.length;
    details.querySelector("summary").textContent = dimension.title + (number ? " (" + number + ")" : "");
    if (!details.open) return;
    const found = counts(place, question);
    const chosen = new Set(question.chosen[place].places);
    const text = sought[dimension.name] || "";
    const shown = dimension.values.map((_, value) => value)
      .filter((value) => chosen.has(value) || (found[value] && dimension.values[value][1].toLowerCase().includes(text)))
      .sort((a, b) => chosen.has(b) - chosen.has(a) || found[b] - found[a] || a - b);
    const focus = document.activeElement && document.activeElement.id;
    details.querySelector("ul").replaceChildren(...shown.slice(0, MOST).map((value) => {
      const [name, label] = dimension.values[value];
      const box = make("input", { type: "checkbox", id: "value-" + dimension.name + "-" + value, checked: chosen.has(value) });
      box.addEventListener("change", () => toggle(dimension.name, name, box.checked));
      return make("li", null, make("label", null, box, make("span", { dir: "auto" }, label), make("span", null, found[value].toLocaleString("en"))));
    }));
    if (focus && focus.startsWith("value-") && document.getElementById(focus)) document.getElementById(focus).focus();
  }
})();
