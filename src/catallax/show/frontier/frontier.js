// What stands behind a cell, under the pointer or by the arrow keys. The same is in the table.
"use strict";
const cells = JSON.parse(document.getElementById("tiles").textContent);
const panel = document.getElementById("cell");
const show = (tile) => {
  const { title, verdict, heads, lines } = cells[Number(tile.dataset.cell)];
  const make = (tag, text, scope) => {
    const node = document.createElement(tag);
    node.textContent = text;
    if (scope) node.scope = scope;
    return node;
  };
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const text of heads) head.append(make("th", text, "col"));
  const body = table.createTBody();
  for (const line of lines) {
    const row = body.insertRow();
    line.forEach((text, k) => row.append(k ? make("td", text) : make("th", text, "row")));
  }
  panel.replaceChildren(make("h3", title), make("p", verdict), table);
};
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
for (const svg of document.querySelectorAll("svg.heat")) {
  const tiles = [...svg.querySelectorAll("[data-cell]")];
  const at = (tile) => tile.dataset.at.split(" ").map(Number);
  const go = (tile) => {
    for (const other of tiles) other.tabIndex = other === tile ? 0 : -1;
    tile.focus();
  };
  const next = (tile, [dx, dy]) => {
    const [x, y] = at(tile);
    const far = (other) => {
      const [a, b] = at(other);
      const along = (a - x) * dx + (b - y) * dy;
      return along > 1e-6 ? along + 3 * Math.abs((a - x) * dy + (b - y) * dx) : Infinity;
    };
    const near = tiles.reduce((best, other) => (far(other) < far(best) ? other : best), tile);
    return far(near) < Infinity ? near : null;
  };
  for (const tile of tiles) {
    tile.addEventListener("pointerenter", () => show(tile));
    tile.addEventListener("focus", () => show(tile));
    tile.addEventListener("click", () => go(tile));
    tile.addEventListener("keydown", (event) => {
      if (!(event.key in STEPS)) return;
      event.preventDefault();
      const to = next(tile, STEPS[event.key]);
      if (to) go(to);
    });
  }
}
if (cells.length) show(document.querySelector("svg.heat [data-cell]"));
