"use strict";
/* Two members side by side: initiatives of each counted by what they are coded as. */
(function () {
  const { load, make, link, bind, state, plural, years } = window.ICATcore;
  const [form, count, answer] = ["ask", "count", "answer"].map((id) => document.getElementById(id));
  const [LABEL, LINE, , FIRST, LAST] = [0, 1, 2, 3, 4];
  const SHOWN = 12;
  let settings, asked = 0;

  load("settings").then((found) => { settings = found; bind(form, ask); });

  function ask() {
    const question = state();
    const [a, b] = [question.get("a"), question.get("b")];
    const number = ++asked;
    answer.replaceChildren();
    if (!a || !b) { count.textContent = "Choose two members."; return; }
    if (a === b) { count.textContent = "Choose two different members."; return; }
    Promise.all([load("initiatives"), load("partnerships")]).then(function (found) {
      if (number === asked) draw(found, a, b, question.get("on") || "theme");
    });
  }

  function taking(table, id) {
    const member = table.members.indexOf(id);
    return new Set(table.membersOf.flatMap((members, place) => (members.includes(member) ? [place] : [])));
  }

  function cells(table, places, dimension) {
    const found = new Map();
    for (const place of places) {
      const [, , , first, last] = table.rows[place];
      for (const value of dimension.of[place]) {
        const cell = found.get(value) || { count: 0, last: null, years: new Set(), places: new Set() };
        cell.count++;
        cell.places.add(place);
        if (last !== null) {
          cell.last = Math.max(cell.last || 0, last);
          for (let year = first; year <= last; year++) cell.years.add(year);
        }
        found.set(value, cell);
      }
    }
    return found;
  }

  function draw([initiatives, partnerships], a, b, on) {
    const dimension = initiatives.dimensions.find((one) => one.name === on) || { values: [], of: initiatives.rows.map(() => []), title: on };
    const name = (id) => (settings.members.find((one) => one[0] === id) || [id, id])[1];
    const [ours, theirs] = [taking(initiatives, a), taking(initiatives, b)];
    const [mine, other] = [cells(initiatives, ours, dimension), cells(initiatives, theirs, dimension)];
    const values = [...new Set([...mine.keys(), ...other.keys()])];
    const number = (found, value) => (found.has(value) ? found.get(value).count : 0);
    const rows = values.map((value) => {
      const [x, y] = [mine.get(value), other.get(value)];
      const common = x && y ? [...x.years].filter((year) => y.years.has(year)).sort((one, two) => one - two) : [];
      const together = x && y ? [...x.places].filter((place) => y.places.has(place)).length : 0;
      return { value, x: number(mine, value), y: number(other, value), lastX: x ? x.last : null, lastY: y ? y.last : null, common, together };
    }).sort((one, two) => (one.x && one.y ? 0 : 1) - (two.x && two.y ? 0 : 1) || two.x + two.y - one.x - one.y || one.value - two.value);
    const common = [[initiatives, "initiatives", ours, theirs], [partnerships, "partnerships", taking(partnerships, a), taking(partnerships, b)]]
      .flatMap(([table, folder, one, two]) => [...one].filter((place) => two.has(place)).map((place) => ({ row: table.rows[place], path: folder + "/" + table.ids[place] + ".html" })))
      .sort((one, two) => (two.row[LAST] || 0) - (one.row[LAST] || 0));
    count.textContent = name(a) + ": " + plural(ours.size, "initiative") + ". " + name(b) + ": " + plural(theirs.size, "initiative") + ". " + plural(common.length, "record") + " of both.";
    const head = (text, numeric) => make("th", { scope: "col", class: numeric ? "number" : null }, text);
    const label = (value) => make("a", { href: "initiatives.html#" + new URLSearchParams([[on, dimension.values[value][0]], ["entity", a], ["entity", b]]) }, dimension.values[value][1]);
    const table = make("table", null, make("thead", null, make("tr", null, head(dimension.title), head(name(a), true), head(name(b), true), head("Both in one", true), head("Last, " + name(a)), head("Last, " + name(b)), head("Common years"))),
      make("tbody", null, ...rows.map((row) => make("tr", null, make("th", { scope: "row" }, label(row.value)), make("td", { class: "number" }, String(row.x)), make("td", { class: "number" }, String(row.y)),
        make("td", { class: "number" }, String(row.together)), make("td", null, row.x ? String(row.lastX || "undated") : "–"), make("td", null, row.y ? String(row.lastY || "undated") : "–"),
        make("td", null, row.common.length ? years(row.common[0], row.common[row.common.length - 1]) : "–")))));
    answer.append(make("h2", { id: "cells" }, "By " + dimension.title.toLowerCase()), make("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "cells" }, table));
    if (common.length) {
      const item = (one) => make("li", null, link(one.path, one.row[LABEL]), make("span", { class: "line", dir: "auto" }, one.row[LINE]));
      answer.append(make("h2", null, "Together (" + common.length + ")"), make("ol", { class: "rows" }, ...common.slice(0, SHOWN).map(item)));
      if (common.length > SHOWN) answer.append(make("details", null, make("summary", null, "and " + (common.length - SHOWN) + " more"), make("ol", { class: "rows" }, ...common.slice(SHOWN).map(item))));
    }
  }
})();
