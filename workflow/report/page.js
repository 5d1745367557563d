// A link to what is folded unfolds it, in browsers that do not do so by themselves, too.
(() => {
  const reveal = () => {
    const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!wanted) return;
    for (let node = wanted; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    wanted.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
})();

// The table of all designs: searched, filtered, sorted and saved in the page itself. Without a script it stays hidden.
(() => {
  const section = document.getElementById("finder");
  if (!section) return;
  const data = JSON.parse(document.getElementById("all-designs").textContent);
  const place = Object.fromEntries(data.columns.map((name, number) => [name, number]));
  const designs = data.rows.map((row, number) => ({
    row,
    number,
    named: data.named[number],
    at: data.at[number],
    text: [...row, ...data.named[number]].join(" ").toLowerCase(),
  }));
  const form = section.querySelector("form"), head = section.querySelector("thead tr");
  const body = section.querySelector("tbody"), count = section.querySelector("output"), more = section.querySelector(".more");
  const order = { column: null, down: false };

  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  // A choice among the values of a column, where it has several.
  for (const column of data.show.filter((one) => one.choose)) {
    const values = [...new Set(data.rows.map((row) => row[place[column.name]]))].filter(Boolean).sort();
    if (values.length < 2) continue;
    const choice = make("select", { name: column.name }, make("option", { value: "", textContent: "all" }));
    choice.append(...values.map((value) => make("option", { value, textContent: value })));
    form.querySelector("fieldset").append(make("label", {}, column.head, choice));
  }

  for (const column of data.show) {
    const button = make("button", { type: "button", textContent: column.head });
    button.onclick = () => {
      order.down = order.column === column ? !order.down : column.number;
      order.column = column;
      for (const cell of head.children) cell.removeAttribute("aria-sort");
      button.parentNode.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      show();
    };
    const cell = make("th", { scope: "col", className: column.number ? "num" : "" }, button);
    if (column.note) cell.append(make("small", { textContent: column.note }));
    head.append(cell);
  }

  const found = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const most = parseFloat(form.elements.most.value);
    const chosen = [...form.querySelectorAll("select")].filter((one) => one.value);
    return designs.filter(
      (one) =>
        words.every((word) => one.text.includes(word)) &&
        chosen.every((choice) => one.row[place[choice.name]] === choice.value) &&
        !(Number(one.row[place.n_interventions]) > most),
    );
  };

  // Empty cells come last, whatever the direction.
  const sorted = (list) => {
    const column = order.column;
    if (!column) return list;
    const value = (one) => {
      const cell = one.row[place[column.name]];
      return cell === "" ? null : column.number ? Number(cell) : column.name === "interventions" ? one.named.join() : cell;
    };
    const compare = (a, b) => (column.number ? a - b : a.localeCompare(b, "en", { numeric: true }));
    return list
      .map((one) => [value(one), one])
      .sort(([a, x], [b, y]) => {
        if (a === null || b === null) return (a === null) - (b === null) || x.number - y.number;
        return (order.down ? compare(b, a) : compare(a, b)) || x.number - y.number;
      })
      .map(([, one]) => one);
  };

  const partsOf = (one, column) => {
    const text = one.row[place[column.name]];
    if (column.name === "rank") return [make("a", { href: `#${one.at}`, textContent: text })];
    if (column.name === "interventions") {
      return one.named.flatMap((textContent) => [make("code", { className: "iv", textContent }), " "]);
    }
    if (column.name === "verified") return [text === "true" ? "✓ yes" : "✗ NOT VERIFIED"];
    return [column.decimals && text ? Number(text).toFixed(column.decimals) : text || "–"];
  };

  const cellOf = (one, column) =>
    make(
      "td",
      { className: column.number ? "num" : column.name === "interventions" ? "wide" : "" },
      ...partsOf(one, column),
    );

  const lineOf = (one) => {
    if (!one.line) {
      one.line = make("tr", {}, ...data.show.map((column) => cellOf(one, column)));
      if (one.row[place.verified] !== "true" || one.row[place.by_genes] === "lethal") one.line.className = "wrong";
    }
    return one.line;
  };

  let most = data.most;
  const show = () => {
    const list = sorted(found());
    body.replaceChildren(...list.slice(0, most).map(lineOf));
    more.hidden = list.length <= most;
    count.textContent = `${list.length} of ${designs.length} designs${more.hidden ? "" : `, the first ${most} shown`}`;
  };

  section.querySelector(".save").onclick = () => {
    const lines = [data.columns, ...sorted(found()).map((one) => one.row)].map((row) => row.join("\t"));
    const file = new Blob([`${lines.join("\n")}\n`], { type: "text/tab-separated-values" });
    const link = make("a", { href: URL.createObjectURL(file), download: "designs.tsv" });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  more.onclick = () => {
    most = Infinity;
    show();
  };
  form.oninput = () => show();
  form.onsubmit = (event) => event.preventDefault();
  form.onreset = () => setTimeout(() => show());
  show();
  for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;
})();
