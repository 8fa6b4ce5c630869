// As much of a browser as signing in needs: cookies with `SameSite`, redirects, the Refresh header, Fetch Metadata, and
// our own policy that no form's answer leads to another host.

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => entities[name]);

function attributes(tag) {
  const found = {};
  for (const [, name, value] of tag.matchAll(/([\w-]+)(?:\s*=\s*"([^"]*)")?/g)) found[name] ??= plain(value ?? "");
  return found;
}

/** The forms of a page: where they go, what they carry, their buttons. */
export function forms(page) {
  return [...page.text.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, body]) => {
    const fields = new Map();
    for (const [, tag] of body.matchAll(/<input([^>]*)>/g)) {
      const a = attributes(tag);
      const chosen = !["radio", "checkbox"].includes(a.type) || "checked" in a;
      if (a.name && chosen && a.type !== "submit") fields.set(a.name, a.value ?? "");
    }
    for (const [, tag, value] of body.matchAll(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g)) {
      fields.set(attributes(tag).name, plain(value.replace(/^\n/, "")));
    }
    return { action: new URL(attributes(head).action ?? page.url, page.url).href, fields, body };
  });
}

export class Browser {
  #jars = new Map();

  /** Types an address. */
  open(url) {
    return this.#walk("GET", url, null, undefined);
  }

  /** Follows a link of a page. */
  follow(page, url) {
    return this.#walk("GET", new URL(url, page.url).href, page, undefined);
  }

  /** Fills the form whose address contains `where` and sends it. */
  send(page, where, changed = {}) {
    const form = forms(page).find((form) => form.action.includes(where));
    if (!form) throw new Error(`no form to ${where} at ${page.url}:\n${page.text}`);
    const fields = new URLSearchParams([...new Map([...form.fields, ...Object.entries(changed)])]);
    return this.#walk("POST", form.action, page, fields.toString());
  }

  async #walk(method, url, from, body) {
    let origin = from && new URL(from.url);
    let policy = method === "POST" ? from?.policy ?? "" : "";
    let cross = false;
    for (let hops = 0; hops < 20; hops += 1) {
      const to = new URL(url);
      cross ||= origin !== null && origin.hostname !== to.hostname;
      if (policy.includes("form-action 'self'") && origin.origin !== to.origin) {
        throw new Error(`form-action 'self' of ${origin.origin} forbids ${to.origin}`);
      }
      const headers = {
        "accept-language": "zh-CN",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0",
        "sec-fetch-site": origin === null ? "none" : cross ? "cross-site" : "same-origin",
        cookie: this.#cookies(to.hostname, cross, method),
      };
      if (body !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
      const answer = await fetch(url, { method, headers, body, redirect: "manual" });
      this.#keep(to.hostname, answer.headers.getSetCookie());
      const text = await answer.text();
      const location = answer.headers.get("location");
      if (answer.status >= 300 && answer.status < 400 && location) {
        [method, body, url] = ["GET", undefined, new URL(location, url).href];
        continue;
      }
      const refresh = answer.headers.get("refresh")?.match(/^0; url=(.*)$/);
      if (refresh) {
        // The page itself goes on: what came before it does not count any more.
        [origin, cross, policy] = [to, false, ""];
        [method, body, url] = ["GET", undefined, new URL(refresh[1], url).href];
        continue;
      }
      return { url, status: answer.status, text, policy: answer.headers.get("content-security-policy") ?? "" };
    }
    throw new Error(`no end of redirects at ${url}`);
  }

  #cookies(host, cross, method) {
    const sent = [...(this.#jars.get(host) ?? new Map())].filter(([, c]) => !cross || (c.site === "lax" && method === "GET"));
    return sent.map(([name, c]) => `${name}=${c.value}`).join("; ");
  }

  #keep(host, lines) {
    const jar = this.#jars.get(host) ?? new Map();
    this.#jars.set(host, jar);
    for (const line of lines) {
      const [pair, ...rest] = line.split(";").map((part) => part.trim());
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const site = rest.find((part) => /^samesite=/i.test(part))?.slice(9).toLowerCase() ?? "lax";
      const over = rest.some((part) => /^max-age=0$/i.test(part) || /^expires=Thu, 01 Jan 1970/i.test(part));
      if (over) jar.delete(name);
      else jar.set(name, { value, site });
    }
  }
}
