"use strict";
/* Who could help: records that meet the need, added up by the weights that the library gave. */
(function () {
  const { load, make, link, outward, bind, state, plural, save, csv } = window.ICATcore;
  const [form, count, list, tools] = ["ask", "count", "rows", "tools"].map((id) => document.getElementById(id));
  const NEEDS = ["theme", "form", "response", "target_group", "sector"];
  const [LABEL, LINE, FIRST, LAST] = [0, 1, 3, 4];
  const ELSEWHERE = -1;
  let settings, asked = 0, answer = [];

  load("settings").then(function (found) {
    settings = found;
    tools.append(button("CSV of this answer", saveCsv), button("JSON of this answer", saveJson));
    bind(form, ask);
  });

  function button(text, act) {
    const found = make("button", { type: "button" }, text);
    found.addEventListener("click", act);
    return found;
  }

  function ask() {
    const question = state();
    const number = ++asked;
    if (![...question.keys()].length) {
      count.textContent = "Choose a country, a need, or both.";
      list.replaceChildren();
      tools.hidden = true;
      return;
    }
    const country = question.get("country");
    const needed = ["initiatives", "partnerships", "resources", ...(country ? ["country-" + country] : [])];
    Promise.all(needed.map(load)).then(function (found) {
      if (number !== asked) return;
      answer = rank(question, found);
      draw(country);
    }, () => { count.textContent = "There is no such country."; });
  }

  /** Return whether a record meets what is needed. */
  function meeting(table, question) {
    const wanted = NEEDS.filter((name) => question.get(name)).map((name) => {
      const dimension = table.dimensions.find((one) => one.name === name);
      const value = dimension ? dimension.values.findIndex((one) => one[0] === question.get(name)) : -1;
      return dimension ? { of: dimension.of, value: value } : null;
    }).filter(Boolean);
    const since = /^\d{4}$/.test(question.get("since") || "") ? Number(question.get("since")) : null;
    return (place) => wanted.every((one) => one.of[place].includes(one.value)) &&
      (since === null || (table.rows[place][LAST] !== null && table.rows[place][LAST] >= since));
  }

  function nearness(places, size) {
    const found = new Array(size).fill(places ? ELSEWHERE : 0);
    if (places) places.forEach((group, near) => group.forEach((place) => { found[place] = near; }));
    return found;
  }

  /** Return the events that meet the need: a record, or an initiative and the partnership that is the same undertaking. */
  function events(question, initiatives, partnerships, near) {
    const found = new Map();
    [["initiatives", initiatives], ["partnerships", partnerships]].forEach(([name, table]) => {
      const meets = meeting(table, question);
      const how = nearness(near && near[name], table.rows.length);
      table.rows.forEach((row, place) => {
        if (!meets(place)) return;
        const twin = table.twins && table.twins[place] != null ? "initiative:" + initiatives.ids[table.twins[place]] : null;
        const node = twin && found.has(twin) ? twin : name.slice(0, -1) + ":" + table.ids[place];
        const event = found.get(node) || { node: node, records: [], members: new Set(), last: null, near: ELSEWHERE };
        event.records.push({ path: name + "/" + table.ids[place] + ".html", id: table.ids[place], label: row[LABEL], line: row[LINE] });
        table.membersOf[place].forEach((one) => event.members.add(table.members[one]));
        if (row[LAST] !== null && (event.last === null || row[LAST] > event.last)) event.last = row[LAST];
        if (how[place] !== ELSEWHERE && (event.near === ELSEWHERE || how[place] < event.near)) event.near = how[place];
        found.set(node, event);
      });
    });
    return [...found.values()];
  }

  function rank(question, [initiatives, partnerships, resources, country]) {
    const byMember = new Map();
    for (const event of events(question, initiatives, partnerships, country && country.near)) {
      for (const one of event.members) byMember.set(one, [...(byMember.get(one) || []), event]);
    }
    const meets = meeting(resources, question);
    const published = new Map();
    resources.rows.forEach((row, place) => {
      if (meets(place)) for (const one of resources.membersOf[place]) published.set(resources.members[one], (published.get(resources.members[one]) || 0) + 1);
    });
    const named = new Map(settings.members.map((one) => [one[0], one]));
    const [part, most] = settings.elsewhere;
    return [...byMember].map(([id, its]) => {
      its.sort((a, b) => (a.last === null) - (b.last === null) || (b.last || 0) - (a.last || 0) || (a.node < b.node ? -1 : 1));
      const weight = (event) => (event.last === null ? settings.undated : settings.decay[event.last]);
      const rest = its.filter((event) => event.near === ELSEWHERE).reduce((sum, event) => sum + weight(event), 0);
      const score = its.reduce((sum, event) => sum + (event.near === ELSEWHERE ? 0 : weight(event) * settings.near[event.near]), 0) + part * Math.min(rest, most);
      const records = (test) => its.filter(test).flatMap((event) => event.records);
      const [, name, path, page] = named.get(id);
      return { id, name, path, page, score, there: records((event) => event.near === 0), nearby: records((event) => event.near > 0),
        elsewhere: records((event) => event.near === ELSEWHERE), resources: published.get(id) || 0, last: its.reduce((last, event) => Math.max(last, event.last || 0), 0) || null };
    }).sort((a, b) => (a.there.length + a.nearby.length === 0) - (b.there.length + b.nearby.length === 0) ||
      Math.round(b.score * 1e9) - Math.round(a.score * 1e9) || (a.id < b.id ? -1 : 1));
  }

  function draw(country) {
    tools.hidden = !answer.length;
    count.textContent = answer.length ? plural(answer.length, "member") + " of ICAT, best first." : "No member has a record that meets the need.";
    list.replaceChildren(...answer.map((row) => make("li", { "data-member": row.id },
      make("h2", null, link(row.path, row.name), make("span", { class: "score" }, row.score.toFixed(2))),
      part(country ? "In the country" : "Records", row.there, 3), part("Nearby", row.nearby, 2), part("Elsewhere", row.elsewhere, 1),
      make("p", { class: "quiet" }, (row.last ? "Last known to be active in " + row.last : "Undated") + "; " + plural(row.resources, "publication") + " that meet the need. ", outward(row.page, "Its page")))));
  }

  function part(title, records, most) {
    if (!records.length) return null;
    const shown = records.slice(0, most).map((record) => make("li", null, link(record.path, record.label), make("span", { class: "line", dir: "auto" }, record.line)));
    const rest = records.slice(most, most + 40).map((record) => make("li", null, link(record.path, record.label), make("span", { class: "line", dir: "auto" }, record.line)));
    const more = rest.length ? make("details", null, make("summary", null, "and " + (records.length - most) + " more"), make("ul", { class: "plain" }, ...rest)) : null;
    return make("div", null, make("p", { class: "quiet" }, title + ": " + records.length), make("ul", { class: "plain" }, ...shown), more);
  }

  function saveCsv() {
    const rows = answer.map((row) => [row.id, row.name, row.score, row.there.length, row.nearby.length, row.elsewhere.length, row.resources, row.last]);
    save("support.csv", "text/csv;charset=utf-8", csv([["entity", "name", "score", "there", "nearby", "elsewhere", "resources", "last_active"], ...rows]));
  }

  function saveJson() {
    const ids = (records) => records.map((record) => record.id);
    const rows = answer.map((row) => Object.assign({}, row, { there: ids(row.there), nearby: ids(row.nearby), elsewhere: ids(row.elsewhere) }));
    save("support.json", "application/json", JSON.stringify(rows, null, 2) + "\n");
  }
})();
