"use strict";
/* Words as the library's search sees them: without marks and case, in one spelling, stemmed by Porter's algorithm. */
(function () {
  const PLAIN = { "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ß": "ss" };
  const LETTER = "[\\p{L}\\p{N}]";
  const EDGE = "(?:(?<!" + LETTER + ")(?=" + LETTER + ")|(?<=" + LETTER + ")(?!" + LETTER + "))";
  let spellings = [];

  /** Take the library's own patterns of words that are written in several ways. */
  function learn(found) { spellings = found.map(([pattern, spelling]) => [new RegExp(pattern.replaceAll("\\b", EDGE), "gu"), spelling]); }

  function fold(text) {
    return text.toLowerCase().replace(/['’‘ʼʻ`´]/g, "").replace(/[øłđðþæœıəß]/g, (letter) => PLAIN[letter])
      .normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  function spell(text) {
    let found = fold(text);
    for (const [pattern, spelling] of spellings) found = found.replace(pattern, spelling);
    return found;
  }

  // --- Porter (1980), as SQLite has it

  const CONSONANT = "[^aeiou]", VOWEL = "[aeiouy]", CC = CONSONANT + "[^aeiouy]*", VV = VOWEL + "[aeiou]*";
  const MORE_0 = new RegExp("^(" + CC + ")?" + VV + CC);
  const IS_1 = new RegExp("^(" + CC + ")?" + VV + CC + "(" + VV + ")?$");
  const MORE_1 = new RegExp("^(" + CC + ")?" + VV + CC + VV + CC);
  const HAS_VOWEL = new RegExp("^(" + CC + ")?" + VOWEL);
  const CVC = new RegExp("^" + CC + VOWEL + "[^aeiouwxy]$");
  const STEP_2 = { ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", logi: "log", bli: "ble", alli: "al", entli: "ent", eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful", ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble" };
  const STEP_3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
  const STEP_4 = ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"];

  function longest(word, endings) {
    return endings.filter((ending) => word.endsWith(ending)).sort((a, b) => b.length - a.length)[0];
  }

  function stem(word) {
    if (word.length < 3 || word.length > 64 || !/^[\x00-\x7f]*$/.test(word)) return word;
    let found = word;
    if (/(ss|i)es$/.test(found)) found = found.slice(0, -2);
    else if (/[^s]s$/.test(found)) found = found.slice(0, -1);
    if (found.endsWith("eed")) { if (MORE_0.test(found.slice(0, -3))) found = found.slice(0, -1); }
    else {
      const ending = /(ed|ing)$/.exec(found);
      if (ending && HAS_VOWEL.test(found.slice(0, -ending[0].length))) {
        found = found.slice(0, -ending[0].length);
        if (/(at|bl|iz)$/.test(found)) found += "e";
        else if (/([^aeiouylsz])\1$/.test(found)) found = found.slice(0, -1);
        else if (CVC.test(found)) found += "e";
      }
    }
    if (found.endsWith("y") && HAS_VOWEL.test(found.slice(0, -1))) found = found.slice(0, -1) + "i";
    for (const step of [STEP_2, STEP_3]) {
      const ending = longest(found, Object.keys(step));
      if (ending && MORE_0.test(found.slice(0, -ending.length))) found = found.slice(0, -ending.length) + step[ending];
    }
    const ending = longest(found, STEP_4);
    if (ending) {
      const rest = found.slice(0, -ending.length);
      if (MORE_1.test(rest) && (ending !== "ion" || /[st]$/.test(rest))) found = rest;
    }
    if (found.endsWith("e")) {
      const rest = found.slice(0, -1);
      if (MORE_1.test(rest) || (IS_1.test(rest) && !CVC.test(rest))) found = rest;
    }
    if (found.endsWith("ll") && MORE_1.test(found.slice(0, -1))) found = found.slice(0, -1);
    return found;
  }

  window.ICATwords = { fold, spell, stem, learn };
})();
