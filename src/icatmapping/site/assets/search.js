"use strict";
/* The search: an index made with the library's stems, asked by MiniSearch as one types. */
(function () {
  const { load, make, link, plural } = window.ICATcore;
  const { spell, stem, learn } = window.ICATwords;
  const [field, form, count, list, kinds, more] = ["q", "search", "count", "rows", "kinds", "more"].map((id) => document.getElementById(id));
  const STEP = 30, SUGGESTED = 0.2;
  const BOOST = { name: 10, acronym: 8, body: 3, more: 1, codes: 1 };
  const [PATH, LABEL, KIND, LINE, SUMMARY] = [0, 1, 2, 3, 4];
  let engine, documents, common, aliases, wanted = null, shown = STEP, found = [], words = [];

  const start = new URLSearchParams(location.search);
  field.value = start.get("q") || "";
  wanted = start.get("kind");
  count.textContent = "Reading the index …";
  load("search").then(function (data) {
    documents = data.documents;
    learn(data.spellings);
    common = new Set(data.common);
    aliases = new Map(data.aliases);
    const options = { fields: Object.keys(BOOST), tokenize: (text) => text.split(" "), processTerm: (word) => word };
    engine = window.MiniSearch.loadJS(data.index, options);
    data.index = null;
    document.documentElement.dataset.ready = "yes";
    ask();
  }, () => { count.textContent = "The index is not there."; });

  field.addEventListener("input", ask);
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  more.addEventListener("click", () => { shown += STEP; draw(); });
  window.addEventListener("popstate", () => { field.value = new URLSearchParams(location.search).get("q") || ""; ask(); });

  /** Return the stems that a text is searched for by; a beginning of a word as it is, as its stem may be longer. */
  function stems(spelled) {
    const every = spelled.split(" ").filter(Boolean);
    const telling = every.filter((word) => !common.has(word));
    return telling.map(stem);
  }

  /** Return a text with what countries and terms are called as well replaced by what the index calls them. */
  function renamed(spelled) {
    const parts = spelled.split(" ");
    const told = [];
    for (let place = 0; place < parts.length; ) {
      let end = Math.min(parts.length, place + 7);
      while (end > place && !aliases.has(parts.slice(place, end).join(" "))) end--;
      told.push(end > place ? aliases.get(parts.slice(place, end).join(" ")) : parts[place]);
      place = Math.max(end, place + 1);
    }
    return told.join(" ");
  }

  function ask() {
    if (!engine) return;
    const text = field.value.trim();
    const address = text ? "?q=" + encodeURIComponent(text) + (wanted ? "&kind=" + encodeURIComponent(wanted) : "") : location.pathname;
    try { history.replaceState(null, "", address); } catch { /* some browsers keep the address of a file as it is */ }
    shown = STEP;
    const spelled = spell(text);
    words = stems(spelled);
    if (!words.length) { found = []; count.textContent = text ? "Nothing but words that everybody uses." : ""; return draw(); }
    const options = { boost: BOOST, prefix: (term) => term.length > 2, combineWith: "AND" };
    const other = stems(renamed(spelled));
    const query = other.join(" ") === words.join(" ") ? words.join(" ") : { combineWith: "OR", queries: [words, other].map((one) => ({ combineWith: "AND", queries: one })) };
    found = engine.search(query, options);
    let how = "";
    if (!found.length) {
      found = engine.search(words.join(" "), Object.assign({}, options, { fuzzy: SUGGESTED }));
      if (found.length) how = " for similar words";
    }
    if (!found.length) {
      found = engine.search(words.join(" "), Object.assign({}, options, { fuzzy: SUGGESTED, combineWith: "OR" }));
      if (found.length) how = " for some of the words";
    }
    count.dataset.how = how;
    draw();
  }

  function draw() {
    const totals = {};
    for (const one of found) totals[documents[one.id][KIND]] = (totals[documents[one.id][KIND]] || 0) + 1;
    const kept = wanted && totals[wanted] ? found.filter((one) => documents[one.id][KIND] === wanted) : found;
    if (words.length) count.textContent = plural(kept.length, "result") + (count.dataset.how || "") + ".";
    kinds.replaceChildren(...Object.keys(totals).length > 1 ? Object.entries(totals).map(([kind, number]) => {
      const button = make("button", { type: "button", class: "ghost", "aria-pressed": String(kind === wanted) }, kind + " " + number.toLocaleString("en"));
      button.addEventListener("click", () => { wanted = kind === wanted ? null : kind; ask(); });
      return make("li", null, button);
    }) : []);
    list.replaceChildren(...kept.slice(0, shown).map((one) => {
      const [path, label, kind, line, summary] = documents[one.id];
      return make("li", null, link(path, ""), make("span", { class: "line", dir: "auto" }, [kind, line].filter(Boolean).join(" · ")),
        summary && make("span", { class: "line", dir: "auto" }, ...marked(summary)));
    }));
    kept.slice(0, shown).forEach((one, place) => list.children[place].firstChild.append(...marked(documents[one.id][LABEL])));
    more.hidden = kept.length <= shown;
  }

  /** Return a text in parts, with those words marked that were searched for. */
  function marked(text) {
    const told = [];
    for (const part of text.split(/([\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*)/u)) {
      const own = part && /[\p{L}\p{N}]/u.test(part) ? stem(spell(part)) : "";
      const hit = own && words.some((word) => own === word || (word.length > 2 && own.startsWith(word)));
      told.push(hit ? make("mark", null, part) : part);
    }
    return told;
  }
})();
