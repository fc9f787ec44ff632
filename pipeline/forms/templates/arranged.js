"use strict";
// The survey as this respondent meets it: choices and rows in an order of their own where the
// definition says random. The orders are kept with the draft, so a reload changes nothing.
const arranged = (() => {
  // Fisher-Yates; numbers that would favour the first choices are thrown away
  function shuffled(items) {
    const left = [...items];
    for (let last = left.length - 1; last > 0; last -= 1) {
      const span = last + 1;
      const even = Math.floor(2 ** 32 / span) * span;
      let drawn;
      do [drawn] = crypto.getRandomValues(new Uint32Array(1));
      while (drawn >= even);
      const other = drawn % span;
      [left[last], left[other]] = [left[other], left[last]];
    }
    return left;
  }
  // Those that move come first in their new order; the others keep their place at the end.
  function order(all, moving, known) {
    const still = all.filter((one) => !moving.includes(one));
    const fits = known && known.length === all.length && all.every((one) => known.includes(one));
    return fits ? known : [...shuffled(moving), ...still];
  }
  function sorted(items, key, by) {
    return [...items].sort((a, b) => by.indexOf(a[key]) - by.indexOf(b[key]));
  }
  function element(made, orders) {
    if (made.elements && made.shuffled) {
      orders[made.name] = order(made.elements.map((e) => e.name), made.shuffled, orders[made.name]);
      made.elements = sorted(made.elements, "name", orders[made.name]);
    } else if (made.shuffled) {
      const like = orders[made.name] || orders[`like ${made.shuffledLike}`];
      orders[made.name] = order(made.choices.map((c) => c.value), made.shuffled, like);
      if (made.shuffledLike) orders[`like ${made.shuffledLike}`] = orders[made.name];
      made.choices = sorted(made.choices, "value", orders[made.name]);
    }
    for (const one of made.elements || []) element(one, orders);
  }
  // A copy of the survey's JSON in the orders kept in `orders`; those that lack are drawn into it.
  function survey(json, orders) {
    const copy = structuredClone(json);
    for (const page of copy.pages) for (const one of page.elements) element(one, orders);
    return copy;
  }
  return { survey };
})();
