"use strict";
/* Through whom: the paths that the library found between two members in a country, with what each step rests on. */
(function () {
  const { load, make, link, bind, state, plural, years } = window.ICATcore;
  const [form, count, list] = ["ask", "count", "rows"].map((id) => document.getElementById(id));
  const [RECORDS, FIRST, LAST, TOPICS, PARTS] = [0, 1, 2, 3, 4];
  const SHOWN = 4;
  let settings, asked = 0;

  load("settings").then((found) => { settings = found; bind(form, ask); });

  function name(id) { return (settings.members.find((one) => one[0] === id) || [id, id])[1]; }

  function ask() {
    const question = state();
    const [country, topic, a, b] = ["country", "topic", "a", "b"].map((key) => question.get(key));
    const number = ++asked;
    list.replaceChildren();
    if (!country || !a || !b) { count.textContent = "Choose a country and two members."; return; }
    if (a === b) { count.textContent = "Choose two different members."; return; }
    load("country-" + country).then(function (data) { if (number === asked) draw(data, topic, a, b); }, () => { count.textContent = "There is no such country."; });
  }

  function draw(data, topic, a, b) {
    const key = a < b ? a + " " + b : b + " " + a;
    const found = (topic && data.onTopic[topic] && data.onTopic[topic][key]) || data.paths[key] || [];
    if (!found.length) {
      const told = [a, b].map((one) => name(one) + (data.active[one] ? " takes part in " + plural(data.active[one], "record") : " takes part in no record") + " that name the country");
      count.textContent = "No way of at most four steps. " + told.join("; ") + ".";
      return;
    }
    count.textContent = plural(found.length, "way") + " from " + name(a) + " to " + name(b) + ", best first.";
    list.replaceChildren(...found.map((path) => way(data, topic, a < b ? path : path.slice().reverse())));
  }

  function way(data, topic, path) {
    const bodies = path.map((place) => data.bodies[place]);
    const line = make("p", { class: "way" });
    bodies.forEach(([, label, href], place) => line.append(...(place ? [make("i", { "aria-hidden": "true" }, "→")] : []), link(href, label)));
    const steps = path.slice(1).map((place, number) => step(data, topic, path, path[number], place));
    return make("li", null, line, ...steps);
  }

  /** Return what a step rests on: on the topic first, then what nobody else of the path takes part in, then the newest. */
  function step(data, topic, path, here, there) {
    const others = path.filter((place) => place !== here && place !== there);
    const shared = data.events.filter((event) => event[PARTS].includes(here) && event[PARTS].includes(there));
    const wanted = data.topics.indexOf(topic);
    const off = (event) => Number(Boolean(topic) && !event[TOPICS].includes(wanted));
    const crowded = (event) => Number(others.some((place) => event[PARTS].includes(place)));
    shared.sort((one, other) => off(one) - off(other) || crowded(one) - crowded(other));
    const known = (place) => shared.map((event) => event[place]).filter((year) => year !== null);
    const first = known(FIRST), last = known(LAST);
    const active = last.length ? years(Math.min(...first), Math.max(...last)) : "undated";
    const onTopic = !topic || shared.some((event) => !off(event));
    const records = shared.flatMap((event) => event[RECORDS]);
    const item = ([path_, label, period]) => make("li", null, link(path_, label), " ", make("span", { class: "quiet" }, period));
    const more = records.length > SHOWN ? make("details", null, make("summary", null, "and " + (records.length - SHOWN) + " more"), make("ul", { class: "plain" }, ...records.slice(SHOWN).map(item))) : null;
    return make("div", { class: onTopic ? "step" : "step off" },
      make("p", null, data.bodies[here][1] + " and " + data.bodies[there][1] + " share " + plural(records.length, "record") + ", " + active + (onTopic ? "." : ", none of them on the topic.")),
      make("ul", { class: "plain" }, ...records.slice(0, SHOWN).map(item)), more);
  }
})();
