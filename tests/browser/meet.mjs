// Meeting people, in a real browser: the door of an event whose network goes away and comes back; a session of
// questions and answers that is followed as it happens, with JavaScript and without; seats by lot from the first
// registration to the draw that a visitor repeats; a hearing whose record a participant confirms; a page that takes
// messages; the year as its supervisor sees it.
// usage: node meet.mjs BASE_URL DEMO_OUTPUT

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { base, browser, open, output, pagesChecked, person, signIn, sound, text } from "./site.mjs";

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

/** A moment of the site's own time zone, as its forms write it. */
function moment(inMinutes) {
  const at = new Date(Date.now() + (inMinutes + 8 * 60) * 60_000).toISOString();
  return { day: at.slice(0, 10), time: at.slice(11, 16), both: at.slice(0, 16) };
}

/** Fills a form by the names of its fields. */
async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="${name}"]:not([type=hidden])`).first();
    const kind = await field.evaluate((e) => e.type ?? e.tagName);
    if (kind === "radio") await page.check(`main input[name="${name}"][value="${value}"]`);
    else if (kind === "checkbox") await field.check();
    else if (kind === "select-one") await field.selectOption(value);
    else await field.fill(value);
  }
}
/** What an address answers this person, as text, without leaving the page. */
const answerOf = (page, path) => page.evaluate(async (p) => (await fetch(p)).text(), path);
const press = (page, words) => page.click(`main button[type=submit]:has-text("${words}")`);

const sha = (words) => createHash("sha256").update(words).digest("hex");
/** The draw as docs/draw.md tells it, written anew from there. */
function drawnAgain(d) {
  const group = (e) => e.group ?? "-";
  const lines = ["jianyan-draw-1", `session ${d.session}`, `seats ${d.seats}`,
    ...d.quotas.map((q) => `quota ${q.group} ${q.seats}`),
    ...d.list.map((e) => `${e.number} ${group(e)} ${e.seats}`)];
  const seed = sha(`${sha(`${lines.join("\n")}\n`)} ${d.secret}`);
  const left = new Map(d.quotas.map((q) => [q.group, q.seats]));
  left.set("-", d.seats - d.quotas.reduce((n, q) => n + q.seats, 0));
  const ticket = (e) => sha(`${seed} ${e.number}`);
  const inOrder = [...d.list].sort((a, b) => (ticket(a) < ticket(b) ? -1 : 1));
  return inOrder.map((e, i) => {
    const share = left.has(e.group) ? e.group : "-";
    const seated = e.seats <= left.get(share);
    if (seated) left.set(share, left.get(share) - e.seats);
    return { place: i + 1, number: e.number, seated };
  });
}

/** Seats by lot: announced, registered for on phones, closed, drawn, and repeated by a visitor. */
async function draw() {
  const organiser = await person();
  await signIn(organiser, "xuhaotian");
  await open(organiser, "/desk/events/new", "form of an event");
  await fill(organiser, { kind: "open_day", title: "浏览器里的摇号开放日", summary: "参观泳池水处理机房。",
    contact_name: "群众体育处", phone: "000-12345678" });
  await organiser.click("form.card button[type=submit], main form button.primary[type=submit] >> nth=0");
  await organiser.waitForURL(/\/desk\/events\/E\d{4}-\d{3}/);
  const desk = new URL(organiser.url()).pathname.match(/\/desk\/events\/E\d{4}-\d{3}/)[0];
  const event = desk.slice("/desk".length);
  await open(organiser, `${desk}/sessions/new`, "form of a session");
  const session = { place: "示例市游泳馆", held_on: moment(5 * 24 * 60).day, begins: "09:30", ends: "11:00",
    capacity: "2", party_max: "2", offer_hours: "0", method: "draw",
    registration_opens_at: moment(-90).both, registration_closes_at: moment(24 * 60).both };
  await fill(organiser, session);
  await organiser.click("main form button.primary[type=submit] >> nth=0");
  await organiser.waitForURL((url) => url.pathname === desk);
  await sound(organiser, "an event with its session");
  await press(organiser, "发布活动");
  await organiser.waitForURL(/done=published/);

  // On phones, with and without a script; the commitment is noted before.
  const visitor = await person({ phone: true });
  await open(visitor, event, "an event with seats by lot");
  await open(visitor, `${event}/sessions/1/draw`, "a draw to come");
  const commitment = (await text(visitor)).match(/[0-9a-f]{64}/)[0];
  const pages = [];
  for (const [i, js] of [true, false, true].entries()) {
    const one = i === 0 ? visitor : await person({ phone: true, js });
    await open(one, `${event}/sessions/1/register`, "form of registration");
    await fill(one, { name: "陈晨", contact: `lot-${i}@example.invalid`, seats: "1", consent: "yes" });
    await one.click("main form button.primary[type=submit]");
    await one.waitForURL(/\/registrations\//);
    await sound(one, "registration for a draw");
    assert.match(await text(one), /已参加摇号/);
    pages.push(new URL(one.url()).pathname);
    if (one !== visitor) await one.context().close();
  }

  // Registration closes a minute ago, and nobody need wait for the clock.
  await open(organiser, `${desk}/sessions/1/edit`, "a session to change");
  await fill(organiser, { registration_closes_at: moment(-1).both });
  await organiser.click("main form button.primary[type=submit] >> nth=0");
  await organiser.waitForURL((url) => url.pathname === desk);
  // The worker may have been faster.
  const hold = organiser.locator(`form[action$="/sessions/1/draw"] button`);
  if (await hold.count()) await hold.click();
  await open(visitor, `${event}/sessions/1/draw`, "a draw that was held");
  assert.match(await text(visitor), /摇号结果/);
  const d = JSON.parse(await answerOf(visitor, `${event}/sessions/1/draw.json`));
  assert.equal(sha(d.secret), commitment, "the number is the one that was promised");
  assert.deepEqual(d.result.map(({ place, number, seated }) => ({ place, number, seated })), drawnAgain(d));
  assert.equal(d.list.length, 3);

  // Each is told what it means for them; who gives up makes room for the next in the order drawn.
  const seated = new Map(d.result.map((r) => [r.number, r.seated]));
  const states = [];
  for (const [i, path] of pages.entries()) {
    await open(visitor, path, "registration after the draw");
    states.push(await text(visitor));
    assert.match(states[i], seated.get(i + 1) ? /入场时出示二维码/ : /摇号结果：候补/);
  }
  const gone = pages[d.result.find((r) => r.seated).number - 1];
  await open(visitor, gone);
  await visitor.click("form[action$='/cancel'] button[type=submit]");
  await sound(visitor, "a registration that was given up");
  const moved = await Promise.all(pages.map((path) => answerOf(visitor, path)));
  assert.ok(moved.some((page, i) => !seated.get(i + 1) && page.includes("入场时出示二维码")), "an alternate moved up");
  for (const one of [organiser, visitor]) await one.context().close();
}

/** A hearing by law: what the public reads of it, the record a participant confirms, the desk that counts it. */
async function hearing() {
  const participant = await person({ phone: true, js: false });
  const [, code] = readFileSync(output, "utf8").match(/\/registrations\/([0-9A-Z-]+)/);
  await open(participant, `/registrations/${code}`, "registration of a participant");
  assert.match(await text(participant), /听证会记录/);
  const event = await link(participant, /^\/events\/E\d{4}-\d{3}$/);
  await open(participant, event, "a hearing that was held");
  const [, came, before] = (await text(participant)).match(/到场 (\d+) 组参加人，(\d+) 组已确认/);
  assert.match(await text(participant), /听证会参加人名单/);
  assert.match(await text(participant), /送达参加人/);
  await open(participant, `/registrations/${code}`);
  await participant.click("form[action$='/record'] button[type=submit]");
  await sound(participant, "a record that is confirmed");
  await open(participant, event);
  const after = (await text(participant)).match(/组参加人，(\d+) 组已确认/)[1];
  assert.equal(Number(after), Number(before) + 1, "one more has confirmed it");
  assert.ok(Number(after) <= Number(came));

  // The next one: the list again, the materials, before it is held.
  const organiser = await person();
  await signIn(organiser, "songyutong");
  await open(organiser, "/desk/events");
  await organiser.click("a:has-text('山地越野跑')");
  await sound(organiser, "desk of a hearing");
  await press(organiser, "重新公布名单");
  await organiser.waitForURL(/done=published/);
  await fill(organiser, { how: "专人送达" });
  await press(organiser, "登记送达");
  await organiser.waitForURL(/done=saved/);
  assert.match(await text(organiser), /专人送达/);
  const list = await link(organiser, /\/sessions\/1\/door$/);
  assert.match(await answerOf(organiser, list.replace(/door$/, "list.csv")), /v\*\*\*@example\.invalid/, "a list to take along, its contacts masked");
  for (const one of [participant, organiser]) await one.context().close();
}

/** A page that takes messages, and the year as its supervisor sees it. */
async function under() {
  const clerk = await person();
  await signIn(clerk, "yexiaomeng");
  await open(clerk, "/desk/message-pages", "pages that take messages");
  const guest = await person({ phone: true, js: false });
  await open(guest, "/events");
  const event = await link(guest, /^\/events\/E\d{4}-\d{3}$/);
  await fill(clerk, { address: `${base}${event}` });
  await press(clerk, "开放留言");
  await clerk.waitForURL(/done=page_opened/);
  await open(guest, event, "a page that takes messages");
  await guest.click("#messages a.button");
  await sound(guest, "form of a message on a page");
  await fill(guest, { kind: "question", title: "门口能停车吗", text: "想带老人一起来，门口能停车吗？", consent: "yes" });
  await guest.click("main form button.primary[type=submit]");
  await guest.waitForURL(/\/receipts\/messages\//);
  await sound(guest, "receipt of a message on a page");
  assert.match(await text(guest), /留言页面/);
  await open(clerk, "/desk/messages", "messages on the desk");
  assert.match(await text(clerk), /门口能停车吗/);

  const supervisor = await person({ phone: true });
  await signIn(supervisor, "linzhiyuan");
  await open(supervisor, "/desk/events", "the year's events");
  assert.match(await text(supervisor), /政府开放日/);
  assert.match(await text(supervisor), /会议开放/);
  for (const one of [clerk, guest, supervisor]) await one.context().close();
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
  await draw();
  await hearing();
  await under();
  await paper();
  console.log(`${pagesChecked()} pages sound`);
  console.log("browser meetings: 6 passed, 0 failed");
} finally {
  await browser.close();
}
