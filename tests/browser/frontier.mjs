// Goes over the map of a frontier page by keyboard and pointer and prints what its panel says.
//
//     node frontier.mjs FILE
//
// Prints {"first", "right", "back", "up", "pointed": title of the panel, "rows": rows of its table,
// "stops": how many tiles the Tab key can reach}.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(pathToFileURL(resolve(process.argv[2])).href);
  const title = () => page.locator("#cell h3").textContent();
  const press = async (key) => {
    await page.keyboard.press(key);
    return title();
  };
  const first = await title();
  await page.locator("svg.wide [data-cell='0']").focus();
  const right = await press("ArrowRight");
  const back = await press("ArrowLeft");
  const up = await press("ArrowUp");
  // `hover` waits until the page has stopped scrolling to the tile that was focused.
  const tile = page.locator("svg.wide [data-cell='2'] rect").first();
  await tile.hover({ position: { x: 4, y: 4 } });
  // The browser tells the page of a move when it next draws; a panel that stays is found below.
  const changed = (before) => document.querySelector("#cell h3").textContent !== before;
  await page.waitForFunction(changed, up, { timeout: 10000 }).catch(() => null);
  const pointed = await title();
  const rows = await page.locator("#cell tbody tr").count();
  const stops = await page.locator("svg.wide [data-cell][tabindex='0']").count();
  console.log(JSON.stringify({ first, right, back, up, pointed, rows, stops }));
} finally {
  await browser.close();
}
