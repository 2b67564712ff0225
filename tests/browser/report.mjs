// Opens one HTML file in Chromium and checks that it stands on its own and that everybody can use it.
//
//     node report.mjs FILE [SCREENSHOT.png]
//     ALL_VIEWS=1 node report.mjs FILE
//
// Prints {"pages": [{scheme, width, details, problems}, ...]} and exits 1 if there is any problem:
// a console error, an error of the page, a request for anything but the file itself and data: URLs,
// a violation that axe-core finds, a <details> that the keyboard does not open, or a page that
// scrolls sideways. Looks at light and wide, then at dark and narrow, and with ALL_VIEWS at the other
// two too; with a second argument it leaves a screenshot of each view beside it
// (SCREENSHOT-light-1200.png and so on).
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const USUAL = [["light", 1200], ["dark", 390]];
const OTHER = [["light", 390], ["dark", 1200]];
const VIEWS = process.env.ALL_VIEWS ? [...USUAL, ...OTHER] : USUAL;
const HEIGHT = 900;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function listen(page, url, problems) {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("request", (request) => {
    const asked = request.url().split("#")[0];
    if (asked !== url && !asked.startsWith("data:")) problems.push(`request: ${asked}`);
  });
}

// In the order of the document, so that an outer <details> is open before an inner one is tried.
async function openByKeyboard(page, problems) {
  const all = await page.locator("details").all();
  for (const [index, details] of all.entries()) {
    const summary = details.locator("> summary").first();
    const name = `details ${index + 1}`;
    if ((await summary.count()) === 0 || !(await summary.isVisible())) {
      problems.push(`${name}: no visible summary`);
      continue;
    }
    await summary.focus();
    if (!(await summary.evaluate((node) => node === document.activeElement && node.tabIndex >= 0))) {
      problems.push(`${name}: its summary cannot be reached by keyboard`);
      continue;
    }
    const isOpen = () => details.evaluate((node) => node.open);
    if (await isOpen()) await page.keyboard.press("Enter");
    if (await isOpen()) problems.push(`${name}: Enter does not close it`);
    await page.keyboard.press("Enter");
    if (!(await isOpen())) problems.push(`${name}: Enter does not open it`);
  }
  return all.length;
}

async function checkWidth(page, problems) {
  const [needed, given] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (needed > given) problems.push(`scrolls sideways: ${needed} px of content in ${given} px`);
}

async function checkAccess(page, problems) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  for (const { id, help, nodes } of violations) {
    const where = nodes.slice(0, 5).map((node) => node.target.join(" "));
    problems.push(`axe ${id}: ${help} (${nodes.length} places: ${where.join(", ")})`);
  }
}

async function look(browser, url, scheme, width, screenshot) {
  const context = await browser.newContext({
    colorScheme: scheme,
    reducedMotion: "reduce",
    viewport: { width, height: HEIGHT },
  });
  const problems = [];
  const page = await context.newPage();
  listen(page, url, problems);
  await page.goto(url, { waitUntil: "load" });
  await checkWidth(page, problems);
  const details = await openByKeyboard(page, problems);
  await checkWidth(page, problems);
  await checkAccess(page, problems);
  if (screenshot) {
    const { dir, name } = parse(resolve(screenshot));
    await page.screenshot({ path: `${dir}/${name}-${scheme}-${width}.png`, fullPage: true });
  }
  await context.close();
  return { scheme, width, details, problems: [...new Set(problems)] };
}

async function main([file, screenshot]) {
  if (!file || !existsSync(file)) {
    throw new Error(`no such file: ${file}. Usage: node report.mjs FILE [SCREENSHOT.png]`);
  }
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const pages = [];
  try {
    for (const [scheme, width] of VIEWS) {
      pages.push(await look(browser, pathToFileURL(file).href, scheme, width, screenshot));
    }
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify({ pages }, null, 2));
  if (pages.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

await main(process.argv.slice(2));
