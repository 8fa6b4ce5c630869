// Meeting people, in a real browser: the door of an event whose network goes away and comes back, and a session of
// questions and answers that is followed as it happens, with JavaScript and without.
// usage: node meet.mjs BASE_URL DEMO_OUTPUT

import assert from "node:assert/strict";
import { base, browser, open, pagesChecked, person, signIn, sound, text } from "./site.mjs";

/** The address of the first link in a page's main part that fits. */
const link = (page, pattern) => page.evaluate((source) => {
  const fits = new RegExp(source);
  return Array.from(document.querySelectorAll("main a[href]"), (a) => a.getAttribute("href")).find((h) => fits.test(h));
}, pattern.source);

const queue = (page) => page.$$eval("[data-door-queue] li", (all) => all.map((li) => li.textContent));
/** Waits for words in a part of the page. The policy forbids what the browser's own waiting would evaluate. */
async function says(page, selector, words) {
  const end = Date.now() + 15_000;
  for (;;) {
    const all = await page.$$eval(selector, (found) => found.map((e) => e.textContent).join("\n"));
    if (all.includes(words)) return;
    assert.ok(Date.now() < end, `${selector} does not say ${words}: ${all}`);
    await page.waitForTimeout(100);
  }
}
const until = (page, words) => says(page, "[data-door-queue]", words);
const present = async (page) => Number(await text(page, "[data-door-count=present]"));

async function scan(page, code) {
  await page.fill("#f-code", code);
  await page.keyboard.press("Enter");
}

/** An open day's door on a phone: with network, without, and with it again. */
async function door() {
  const usher = await person({ phone: true });
  await signIn(usher, "lujianming");
  await open(usher, "/desk/events", "events on the desk");
  await usher.click("a:has-text('健身步道实地走访')");
  await sound(usher, "desk of an event");
  const path = await link(usher, /\/sessions\/1\/door$/);
  await open(usher, path, "door");
  const before = await present(usher);
  const waiting = await usher.$$eval("#list form input[name=code]", (all) => all.map((i) => i.value));
  assert.ok(waiting.length >= 1, "somebody of the example has not come yet");
  const [next] = waiting;

  await usher.context().setOffline(true);
  await scan(usher, next);
  await scan(usher, next);
  await scan(usher, "0000-0000-0000-0000");
  await until(usher, "等待网络 3");
  assert.equal(await present(usher), before, "nothing is counted before it arrived");
  assert.equal((await queue(usher)).length, 3);
  await usher.context().setOffline(false);
  await until(usher, `${next} 号已签到`);
  await until(usher, "重复签到");
  await until(usher, "没有这个查询码");
  const after = await present(usher);
  assert.ok(after > before, "who came is counted");
  await sound(usher, "door after the network came back");
  await usher.goto(base + path);
  assert.equal(await present(usher), after, "and the site says the same");
  await usher.context().close();

  // Without a script the form does it.
  const plain = await person({ js: false });
  await signIn(plain, "lujianming");
  await open(plain, path, "door without a script");
  await plain.fill("#f-code", next);
  await plain.click("form[action$='/check-in'] button[type=submit] >> nth=0");
  assert.match(await text(plain), /重复签到/);
  await plain.context().close();
}

/** Asked, published and answered while somebody follows. */
async function qa() {
  const words = "夏令营有没有游泳课？";
  const follower = await person({ phone: true });
  await open(follower, "/qa", "online questions and answers");
  await follower.click("a:has-text('青少年体育培训')");
  await sound(follower, "a session of questions");
  const path = new URL(follower.url()).pathname;
  await says(follower, "[data-live-state]", "自动显示");

  const asker = await person({ js: false, phone: true });
  await open(asker, `${path}/ask`, "form of asking");
  await asker.click("main button[type=submit]");
  await sound(asker, "form of asking with errors");
  await asker.fill("#f-text", words);
  await asker.check("input[name=consent]");
  await asker.click("main button[type=submit]");
  await asker.waitForURL(/\/receipts\/qa\//);
  await sound(asker, "receipt of a question");
  const number = (await text(asker)).match(/Q\d{4}-\d{3}-(\d{4})/)[1].replace(/^0+/, "");

  const clerk = await person({ js: false });
  await signIn(clerk, "yexiaomeng");
  await open(clerk, `/desk${path}`, "a session on the desk");
  await open(clerk, `/desk${path}/questions/${number}`, "a question to review");
  await clerk.selectOption("#f-department", "youth");
  await clerk.click("form[action$='/publish'] button[type=submit]");
  await clerk.waitForURL(/done=question_published/);
  await follower.waitForSelector(`#q-${number}`);
  assert.match(await text(follower, `#q-${number}`), /等待答复/);

  const office = await person();
  await signIn(office, "luojing");
  await open(office, `/desk${path}/questions/${number}`, "a question to answer");
  await office.fill("#f-answer", "有，每周两次。");
  await office.click("form[action$='/answer'] button[type=submit]");
  await office.waitForURL(/done=question_answered/);
  await says(follower, `#q-${number}`, "每周两次");
  await sound(follower, "a session with its new answer");

  // Without a script: read anew, by hand or by itself.
  await open(asker, `${path}?renew=30`, "a session that renews itself");
  assert.match(await text(asker), /每周两次/);
  assert.match(await text(asker), /每 30 秒自动刷新/);
  for (const one of [follower, asker, clerk, office]) await one.context().close();
}

/** What is made for paper. */
async function paper() {
  const guest = await person({ phone: true });
  await open(guest, "/events", "events");
  const event = await link(guest, /^\/events\/E\d{4}-\d{3}$/);
  await open(guest, `${event}/poster`, "poster");
  const pdf = await browser.newContext();
  const page = await pdf.newPage();
  await page.goto(`${base}${event}/poster`);
  const bytes = await page.pdf({ preferCSSPageSize: true });
  const pages = bytes.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  assert.equal(pages, 1, "the poster is one sheet");
  await pdf.close();
  await guest.context().close();
}

try {
  await door();
  await qa();
  await paper();
  console.log(`${pagesChecked()} pages sound`);
  console.log("browser meetings: 3 passed, 0 failed");
} finally {
  await browser.close();
}
