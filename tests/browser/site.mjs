// What every story in a browser needs: people with browsers of their own, pages that are sound, signing in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const [base, output] = process.argv.slice(2);
const password = readFileSync(output, "utf8").match(/all with the password (\S+)/)[1];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
let checked = 0;
/** How many pages were looked at. */
export const pagesChecked = () => checked;

export const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A person with a browser of their own. Faults of a page or its console fail the story. */
export async function person({ js = true, phone = false } = {}) {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    isMobile: phone,
    hasTouch: phone,
    javaScriptEnabled: js,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (e) => { throw e; });
  page.on("console", (m) => {
    // A refused form (422) is reported by the browser as a failed resource; that is what it is.
    if (m.type() === "error" && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(m.text())) throw new Error(`console: ${m.text()}`);
  });
  page.on("dialog", (d) => d.accept());
  return page;
}

/** Serious faults of accessibility, and sideways scrolling. The rules run from a page of their own world, for
 *  the site's policy rightly refuses foreign scripts and a page without JavaScript has none. */
export async function sound(page, name) {
  checked += 1;
  const probe = await browser.newContext({ viewport: page.viewportSize(), bypassCSP: true });
  const copy = await probe.newPage();
  await copy.route("**/*", (route) =>
    route.request().isNavigationRequest() ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html }) : route.continue());
  const html = await page.content();
  await copy.goto(page.url());
  await copy.evaluate(axe);
  const found = await copy.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" ")}`), [], name);
  const wide = await copy.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} px`);
  await probe.close();
}

export async function open(page, path, name = path) {
  const answer = await page.goto(base + path);
  assert.equal(answer.status(), 200, path);
  await sound(page, name);
}

export async function signIn(page, login) {
  await page.goto(`${base}/desk/sign-in`);
  await page.fill("#f-login", login);
  await page.fill("#f-password", password);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${base}/desk`);
  await sound(page, `desk of ${login}`);
}

export const text = (page, selector = "main") => page.textContent(selector);
