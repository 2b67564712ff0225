// Read-outs under the pointer, taken from the table behind each chart. Nothing depends on them.
"use strict";
for (const figure of document.querySelectorAll("figure")) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const weeks = rows.map((row) => Number(row.cells[0].textContent));
  const groups = [...figure.querySelectorAll("th[scope=colgroup]")];
  if (!groups.length) continue;
  const readout = document.createElement("p");
  readout.className = "readout";
  readout.setAttribute("aria-hidden", "true");
  const told = (row) => {
    let at = 1;
    return groups.map((group) => {
      const text = `${group.textContent} ${row.cells[at].textContent}`;
      at += group.colSpan;
      return text;
    });
  };
  for (const svg of figure.querySelectorAll("svg.wide, svg.narrow")) {
    const [left, top, width, height] = svg.dataset.plot.split(" ").map(Number);
    const [low, high] = svg.dataset.x.split(" ").map(Number);
    const cursor = document.createElementNS(svg.namespaceURI, "path");
    cursor.setAttribute("class", "cursor");
    svg.append(cursor);
    if (svg.matches(".wide")) figure.querySelector("svg.narrow").after(readout);
    svg.addEventListener("pointermove", (event) => {
      const rect = svg.getBoundingClientRect();
      const x = ((event.clientX - rect.left) / rect.width) * svg.viewBox.baseVal.width;
      const week = low + ((x - left) / width) * (high - low);
      const gaps = weeks.map((w) => Math.abs(w - week));
      const k = gaps.indexOf(Math.min(...gaps));
      const place = left + ((weeks[k] - low) / (high - low)) * width;
      cursor.setAttribute("d", `M${place} ${top}v${height}`);
      readout.textContent = [`week ${weeks[k]}`, ...told(rows[k])].join(" · ");
    });
    svg.addEventListener("pointerleave", () => {
      cursor.setAttribute("d", "");
      readout.textContent = "";
    });
  }
}
