"use strict";
/* What the scripts of all pages share: data as scripts, elements made without markup, the state in the address. */
(function () {
  const root = document.body ? document.body.dataset.root || "" : "";
  const data = (window.ICAT = window.ICAT || {});
  const loading = {};

  /** Return a promise of data of the site, read by a script so that it works without a server. */
  function load(name) {
    if (data[name]) return Promise.resolve(data[name]);
    if (!loading[name]) {
      loading[name] = new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = root + "data/" + name + ".js";
        script.onload = function () { resolve(data[name]); };
        script.onerror = function () { delete loading[name]; script.remove(); reject(new Error(name + " is not there")); };
        document.head.append(script);
      });
    }
    return loading[name];
  }

  /** Return an element; what it holds is text or elements, never markup. */
  function make(name, attributes, ...children) {
    const found = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === true) found.setAttribute(key, "");
      else if (value !== false && value != null) found.setAttribute(key, value);
    }
    found.append(...children.filter((child) => child != null && child !== false));
    return found;
  }

  function link(path, text, attributes) { return make("a", Object.assign({ href: root + path, dir: "auto" }, attributes), text); }

  /** Return a link to an address of the web; anything else is text. */
  function outward(address, text) {
    return /^https?:\/\//.test(address) ? make("a", { href: address, rel: "noopener noreferrer", class: "out" }, text) : text;
  }

  function state() { return new URLSearchParams(location.hash.slice(1)); }

  /** Put a state into the address; a step back in the browser leads to the one before. */
  function go(parameters, replace) {
    const text = parameters.toString();
    const address = location.pathname + location.search + (text ? "#" + text : "");
    if (text === location.hash.slice(1)) return;
    history[replace ? "replaceState" : "pushState"](null, "", address);
    window.dispatchEvent(new Event("icat:state"));
  }

  function onState(act) {
    window.addEventListener("icat:state", act);
    window.addEventListener("popstate", act);
    window.addEventListener("hashchange", act);
  }

  function plural(number, one, several) { return number.toLocaleString("en") + " " + (number === 1 ? one : several || one + "s"); }

  function years(first, last) { return last == null ? "undated" : first === last ? String(last) : first + "–" + last; }

  /** Let somebody save a text as a file. */
  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type: type }));
    const anchor = make("a", { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  /** Return rows as CSV; text that a spreadsheet would take for a formula gets an apostrophe in front. */
  function csv(rows) {
    return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
  }

  function cell(value) {
    let text = value == null ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  /** Keep a form and the state in the address the same; act whenever either changes. */
  function bind(form, act) {
    const fields = [...form.elements].filter((field) => field.name);
    function show() {
      const asked = state();
      for (const field of fields) {
        const value = asked.get(field.name) || "";
        if (field.value !== value) field.value = field.tagName !== "SELECT" || [...field.options].some((one) => one.value === value) ? value : "";
        if (field.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0;
      }
      act();
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", function () {
      const asked = new URLSearchParams();
      for (const field of fields) if (field.value) asked.set(field.name, field.value);
      go(asked);
    });
    onState(show);
    form.hidden = false;
    show();
  }

  window.ICATcore = { load, make, link, outward, state, go, onState, plural, years, save, csv, bind, root };
})();
