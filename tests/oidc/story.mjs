// A resident and a member of staff sign in at a real provider, through the real pages.
// usage: node story.mjs SITE OUTPUT COMMAND

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Browser, forms } from "./browser.mjs";

const [site, output, command] = process.argv.slice(2);
const PASSWORD = "correct horse battery staple";
const CONTACT = "138****1234";
const TEXT = "第一行：周末开门太晚。\n第二行：“希望”提前 <一小时>。";

function has(page, ...words) {
  for (const word of words) assert.ok(page.text.includes(word), `no ${word} at ${page.url} (${page.status}):\n${page.text}`);
  return page;
}

function token(login) {
  const [program, ...rest] = command.split(" ");
  const said = execFileSync(program, [...rest, "token", login], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return said.match(/[\w-]{40,}/)[0];
}

async function api(bearer, method, path, body) {
  const answer = await fetch(`${site}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const day = (offset) => new Date(Date.now() + (offset * 24 + 8) * 3_600_000).toISOString().slice(0, 10);

/** Signs in at the provider's own pages, as whoever is named, and agrees to share. */
async function atProvider(browser, page, name) {
  const asks = () => page.url.includes("/interaction/") && page.text.includes('name="login"');
  if (asks()) page = await browser.send(page, "/interaction/", { login: name, password: "any" });
  if (page.url.includes("/interaction/")) page = await browser.send(page, "/interaction/");
  return page;
}

// The administrator, a member of staff, and a consultation that asks for a sign-in at the provider.
const root = new Browser();
const link = readFileSync(output, "utf8").match(/\S+\/desk\/set-up\?token=\S+/)[0];
let page = await root.open(link);
page = await root.send(page, "/desk/set-up", {
  bureau: "示例市体育局", name: "陈启明", email: "root@example.invalid", login: "root", password: PASSWORD, password_again: PASSWORD,
});
has(page, "管理员已创建");
const admin = token("root");
const [{ id: department }] = await api(admin, "GET", "/departments");
const invited = await api(admin, "POST", "/staff", {
  login: "zhou", name: "周文静", email: "zhou@example.invalid", department, roles: ["owner"],
});
const zhou = new Browser();
page = await zhou.open(invited.link);
has(await zhou.send(page, "/desk/set-up", { password: PASSWORD, password_again: PASSWORD }), "密码已设置");
const owner = token("zhou");
const decision = await api(owner, "POST", "/decisions", { title: "体育场馆开放办法", kind: "public_measure", year: Number(day(0).slice(0, 4)), department_id: department });
const draft = "示例市体育场馆开放办法\n\n第一条 为了方便群众健身，制定本办法。\n第二条 体育场馆每日八时至二十一时开放。";
await api(owner, "POST", `/decisions/${decision.code}/documents`, { kind: "draft", text: draft });
await api(owner, "POST", `/decisions/${decision.code}/documents`, { kind: "explanation", text: "起草说明\n\n为了延长开放时间。" });
const { code } = await api(owner, "POST", `/decisions/${decision.code}/consultations`, { opens_on: day(0), closes_on: day(35), identity: "oidc", phone: "000-12345678" });
await api(owner, "POST", `/consultations/${code}/publish`);
const form = `${site}/consultations/${code}/opinion`;

// A resident writes, is sent to the provider, comes back, and sends what was written.
const wang = new Browser();
page = has(await wang.open(form), "下一步：统一身份认证");
page = await wang.send(page, "/opinion", { text: TEXT, name: "王小明", person_kind: "individual", show_as: "masked", consent: "yes", age: "over" });
has(page, "用示例市统一身份认证登录");
page = await wang.send(page, "/opinion", { step: "provider:city" });
assert.ok(page.url.startsWith("http://127.0.0.1:"), page.url);
page = await atProvider(wang, page, "wang");
has(page, "示例市统一身份认证已核验您的身份", CONTACT);
assert.equal(forms(page).find((f) => f.action.endsWith("/opinion")).fields.get("text"), TEXT);
has(await wang.open(page.url), CONTACT);
page = has(await wang.send(page, "/opinion"), "您的意见已登记", CONTACT);
const received = await api(owner, "GET", `/consultations/${code}`);
assert.equal(received.identity, "oidc");

// The data of the same contact, by the same provider; it still knows the person.
page = await wang.send(await wang.open(`${site}/my-data`), "/my-data/with/city");
page = has(await atProvider(wang, page, "wang"), "您提交的内容", CONTACT, `${code}-000001`);
page = has(await wang.send(page, "/my-data/leave"), "同时退出示例市统一身份认证");
const out = page.text.match(/href="(http:\/\/127\.0\.0\.1:[^"]*)"/)[1].replaceAll("&amp;", "&");
page = await wang.follow(page, out);
page = await wang.send(page, "/session/end/confirm", { logout: "yes" });
assert.ok(page.url.startsWith(`${site}/my-data`), page.url);

// Somebody says no, and finds what was written; another has no contact that is verified.
const li = new Browser();
page = await li.send(await li.open(form), "/opinion", { text: TEXT, person_kind: "individual", show_as: "masked", consent: "yes", age: "over" });
page = await li.send(page, "/opinion", { step: "provider:city" });
const cancel = page.text.match(/href="([^"]*\/abort)"/)[1];
page = has(await li.follow(page, cancel), "认证已取消");
assert.equal(page.status, 403);
const back = page.text.match(/href="(\/consultations\/[^"]*visit=[^"]*)"/)[1];
page = await li.follow(page, back);
assert.equal(forms(page).find((f) => f.action.endsWith("/opinion")).fields.get("text"), TEXT);
page = await li.send(page, "/opinion", {});
page = await li.send(page, "/opinion", { step: "provider:city" });
has(await atProvider(li, page, "unproved"), "没有您已核验的联系方式");

// Staff: by password first, then linked, then by the provider.
const signIn = `${site}/desk/sign-in`;
const stranger = new Browser();
page = await stranger.send(await stranger.open(signIn), "/desk/sign-in/with/city");
page = has(await atProvider(stranger, page, "stranger"), "没有关联可以使用的工作人员账号");
await zhou.send(await zhou.open(signIn), "/desk/sign-in", { login: "zhou", password: PASSWORD });
page = await zhou.open(`${site}/desk/account`);
has(await zhou.send(page, "/desk/account/providers/city", { link_password: "wrong" }), "密码不正确");
page = await zhou.send(page, "/desk/account/providers/city", { link_password: PASSWORD });
page = has(await atProvider(zhou, page, "zhou.wenjing"), "已关联，以后可以用它登录");
has(await zhou.send(page, "/desk/sign-out"), "您已退出登录");
page = await zhou.send(await zhou.open(`${signIn}?next=/desk/inbox`), "/desk/sign-in/with/city");
page = await atProvider(zhou, page, "zhou.wenjing");
assert.equal(page.url, `${site}/desk/inbox`);
has(await zhou.open(`${site}/desk/account`), "示例市统一身份认证", "最近登录");
has(await zhou.send(page, "/desk/sign-out"), "同时退出示例市统一身份认证");

// A closed account stays closed.
await api(admin, "PATCH", `/staff/${invited.staff.id}`, { disabled: true });
page = await zhou.send(await zhou.open(signIn), "/desk/sign-in/with/city");
has(await atProvider(zhou, page, "zhou.wenjing"), "没有关联可以使用的工作人员账号");

// Those who run the site see how the provider stands.
await root.send(await root.open(signIn), "/desk/sign-in", { login: "root", password: PASSWORD });
has(await root.open(`${site}/desk/admin/system`), "示例市统一身份认证", "正常");
console.log("signed in at a real provider: a resident, her data, staff; refused whom to refuse");
