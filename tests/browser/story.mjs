// The story of a decision in a real browser, on a fresh example bureau: a resident speaks, a moderator
// publishes, an owner answers and the head approves, and everybody can read it. With JavaScript on a desk,
// without it on a phone. On every page axe-core looks for serious faults.
// usage: node story.mjs BASE_URL DEMO_OUTPUT

import assert from "node:assert/strict";
import { base, browser, open, pagesChecked, person, signIn, sound, text } from "./site.mjs";

/** A resident speaks on an open draft and gets a receipt. */
async function speak(page, words) {
  await open(page, "/", "home");
  await page.click("a[href^='/consultations/2026-001-1']");
  await sound(page, "consultation");
  await page.click("a[href^='/consultations/2026-001-1/opinion'] >> nth=0");
  await sound(page, "opinion form");
  await page.fill("#f-name", "测试市民");
  await page.click("main button[type=submit]");
  assert.equal(await page.inputValue("#f-name"), "测试市民", "what was typed is kept");
  assert.match(await text(page), /还不能提交/);
  await sound(page, "opinion form with errors");
  await page.fill("#f-text", words);
  await page.check("input[name=show_as][value=masked]");
  await page.check("input[name=consent]");
  await page.click("main button[type=submit]");
  await page.waitForURL(/\/receipts\//);
  await sound(page, "receipt");
  const code = (await text(page)).match(/[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}/)[0];
  await open(page, "/receipts", "lookup");
  await page.fill("main input[name=code]", code.toLowerCase().replaceAll("-", " "));
  await page.click("main button[type=submit]");
  await page.waitForURL(/\/receipts\//);
  assert.match(await text(page), /待审核/);
  await sound(page, "state page");
  return page.url();
}

/** A moderator finds it in the queue and publishes it. */
async function publish(page, words, byKey) {
  await open(page, "/desk/review?consultation=2026-001-1", "review queue");
  await page.click(`xpath=//*[contains(., "${words}")]//a[contains(@href, "/desk/review/2026-001-1-")] >> nth=-1`);
  await sound(page, "review of one opinion");
  assert.match(await text(page), new RegExp(words));
  const here = page.url();
  if (byKey) await page.keyboard.press("p");
  else await page.click("form:has(input[name=action][value=publish]) button[type=submit]");
  await page.waitForURL((url) => url.href !== here);
}

/** Somebody writes on the board, the clerk passes it on, the office answers and it is published. */
async function board(js, phone) {
  const title = `健身步道的灯坏了，${js ? "有" : "无"}脚本`;
  const resident = await person({ js, phone });
  await open(resident, "/messages", "message board");
  await open(resident, "/messages/figures", "figures of the board");
  await open(resident, "/messages/new", "message form");
  await resident.fill("#f-title", title);
  await resident.click("main button[type=submit]");
  assert.equal(await resident.inputValue("#f-title"), title, "what was typed is kept");
  await sound(resident, "message form with errors");
  await resident.check("input[name=kind][value=complaint]");
  await resident.fill("#f-text", "请尽快修。");
  await resident.check("input[name=may_publish]");
  await resident.check("input[name=consent]");
  await resident.click("main button[type=submit]");
  await resident.waitForURL(/\/receipts\/messages\//);
  await sound(resident, "receipt of a message");
  const number = (await text(resident)).match(/LY\d{4}-\d{6}/)[0];
  await resident.click("a[href^='/receipts/messages/'].primary");
  await sound(resident, "state of a message");
  const state = resident.url();
  const clerk = await person({ js });
  await signIn(clerk, "yexiaomeng");
  await open(clerk, "/desk/messages", "messages on the desk");
  await clerk.click(`a[href='/desk/messages/${number}']`);
  await sound(clerk, "a message to accept");
  await clerk.selectOption("#f-department", "mass");
  await clerk.click("form[action$='/accept'] button[type=submit]");
  await clerk.waitForURL(/done=message_accepted/);
  const office = await person({ js });
  await signIn(office, "xuhaotian");
  await open(office, `/desk/messages/${number}`, "a message to answer");
  await office.fill("#f-answer", "已经修好。");
  await office.check("input[name=publish]");
  await office.click("form[action$='/answer'] button[type=submit]");
  await office.waitForURL(/done=message_answered/);
  await sound(office, "an answered message");
  await open(resident, `/messages/${number}`, "a published message");
  assert.match(await text(resident), /已经修好/);
  await resident.goto(state);
  await sound(resident, "state of an answered message");
  await resident.check("input[name=satisfaction][value=satisfied]");
  await resident.click("form[action$='/vote'] button[type=submit]");
  await resident.waitForURL(/done=rated/);
  for (const one of [resident, clerk, office]) await one.context().close();
}

/** The whole way, once with JavaScript and once without. */
async function voices(js, phone) {
  const words = `建议晚间开放到二十二时，${js ? "有" : "无"}脚本的浏览器也能用`;
  const resident = await person({ js, phone });
  const state = await speak(resident, words);
  const consultation = `${base}/consultations/2026-001-1`;
  await resident.goto(consultation);
  assert.ok(!(await text(resident)).includes(words), "nothing is public before review");
  const moderator = await person({ js });
  await signIn(moderator, "yexiaomeng");
  await publish(moderator, words, js);
  await resident.goto(consultation);
  assert.ok((await text(resident)).includes(words), "published");
  await resident.goto(state);
  assert.match(await text(resident), /已公开/);
  await sound(resident, "state page after review");
  await resident.context().close();
  await moderator.context().close();
}

/** The owner answers for a decision that was issued; the head approves; the public reads it. */
async function answer(js) {
  const owner = await person({ js });
  await signIn(owner, "songyutong");
  await open(owner, "/desk/decisions", "decisions");
  await owner.click("a:has-text('大型体育赛事无障碍服务规范')");
  await sound(owner, "desk of a decision");
  await owner.click("a[href$='/opinions']");
  await sound(owner, "opinions to answer");
  await owner.click("a[href$='/summary'] >> nth=0");
  await sound(owner, "summary before it is written");
  const summary = owner.url();
  await owner.click("form[action$='/generate'] button[type=submit]");
  await sound(owner, "summary as generated");
  await owner.click("form[action$='/submit'] button[type=submit]");
  assert.match(await text(owner), /待审批/);
  const head = await person({ js });
  await signIn(head, "panlijun");
  await head.goto(summary);
  await sound(head, "summary to approve");
  await head.click("form[action$='/approve'] button[type=submit]");
  await owner.goto(summary);
  await owner.click("form[action$='/publish'] button[type=submit]");
  const resident = await person({ js, phone: true });
  await open(resident, "/summaries", "summaries");
  await resident.click("a:has-text('大型体育赛事无障碍服务规范')");
  assert.match(await text(resident), /按期公布/);
  await sound(resident, "published summary");
}

/** A resident answers the questionnaire of an open draft and reads its figures; its owner looks at the desk of it. */
async function questionnaire(js, phone) {
  const resident = await person({ js, phone });
  await open(resident, "/consultations/2026-001-1", "consultation with a questionnaire");
  await resident.click("a[href='/consultations/2026-001-1/questionnaire']");
  await sound(resident, "questionnaire");
  await resident.fill("#f-q4", "希望周末早点开门。");
  await resident.click("main button[type=submit]");
  assert.match(await text(resident), /请回答这一题/);
  assert.equal(await resident.inputValue("#f-q4"), "希望周末早点开门。", "what was typed is kept");
  await sound(resident, "questionnaire with errors");
  await resident.check("input[name=q1][value='2']");
  await resident.check("input[name=q2][value='1']");
  await resident.check("input[name=q3][value='4']");
  await resident.check("input[name=consent]");
  await resident.click("main button[type=submit]");
  await resident.waitForURL(/\/receipts\/questionnaires\//);
  await sound(resident, "receipt of a questionnaire");
  await resident.click("a[href$='/questionnaire/results']");
  assert.match(await text(resident), /不代表统计抽样/);
  await sound(resident, "results of a questionnaire");
  await open(resident, "/consultations/2026-001-1/questionnaire", "questionnaire answered");
  const owner = await person({ js, phone });
  await signIn(owner, "xuhaotian");
  await open(owner, "/desk/consultations/2026-001-1/questionnaire", "desk of a questionnaire");
  await open(owner, "/desk/consultations/2026-001-1/questionnaire/preview", "preview of a questionnaire");
}

/** Every role's first pages, in Chinese and English, large type, phone. */
async function pages() {
  const guest = await person({ phone: true });
  const paths = ["/decisions", "/catalogues", "/consultations", "/summaries", "/work-plan", "/search?q=体育", "/notice", "/accessibility", "/site-map"];
  for (const path of paths) await open(guest, path);
  for (const path of ["/?lang=en", "/consultations/2026-002-1?lang=en", "/?mode=large", "/consultations/2026-002-1?mode=large"]) await open(guest, path);
  const admin = await person();
  await signIn(admin, "admin");
  for (const path of ["/desk/inbox", "/desk/duties", "/desk/admin/departments", "/desk/admin/staff", "/desk/admin/calendar", "/desk/admin/audit"]) await open(admin, path);
  const supervisor = await person();
  await signIn(supervisor, "linzhiyuan");
  await open(supervisor, "/desk/duties");
}

try {
  await voices(true, false);
  await voices(false, true);
  await board(true, true);
  await board(false, false);
  await answer(false);
  await questionnaire(true, false);
  await questionnaire(false, true);
  await pages();
  console.log(`${pagesChecked()} pages sound`);
  console.log("browser story: 8 passed, 0 failed");
} finally {
  await browser.close();
}
