// Improvements only: every page works without this file. No markup is ever written from here (the policy
// requires trusted types) and nothing is kept in the browser.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

  // Buttons that need a script appear only where there is one.
  all("[data-act]").forEach((b) => { b.hidden = false; });

  // Characters as people count them, not as UTF-16 does.
  all("textarea[data-max]").forEach((area) => {
    const shown = document.querySelector(`[data-count="${area.id}"]`);
    if (!shown) return;
    const max = Number(area.dataset.max);
    const count = () => {
      const n = [...area.value].length;
      shown.textContent = String(n);
      shown.parentElement.classList.toggle("over", n > max);
    };
    area.addEventListener("input", count);
    count();
  });

  // The error summary takes the focus; its links put the cursor into the field.
  const summary = document.querySelector(".error-summary");
  if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!field) return;
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  }

  document.addEventListener("submit", (event) => {
    // Another script took it: its button stays alive.
    if (event.defaultPrevented) return;
    const asked = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) { event.preventDefault(); return; }
    // A second click would only send the same thing again; the server knows that too.
    all("[data-once]", event.target).forEach((b) => {
      setTimeout(() => { b.disabled = true; }, 0);
      setTimeout(() => { b.disabled = false; }, 8000);
    });
  });
  // Coming back with the browser's button must not find dead buttons.
  window.addEventListener("pageshow", () => all("[data-once]").forEach((b) => { b.disabled = false; }));

  // Typing is no idling: a session must not end under a long text.
  if (document.body.classList.contains("desk")) {
    let told = Date.now();
    document.addEventListener("input", () => {
      if (Date.now() - told < 240000) return;
      told = Date.now();
      fetch("/desk/account", { method: "HEAD" }).catch(() => { /* the next request will say it */ });
    });
  }

  const say = (button, text) => {
    const before = button.textContent;
    button.textContent = text;
    setTimeout(() => { button.textContent = before; }, 2500);
  };
  const copy = async (button, text) => {
    try { await navigator.clipboard.writeText(text); say(button, button.dataset.done ?? "✓"); } catch { /* the text stays on the page */ }
  };
  const acts = {
    print: () => window.print(),
    close: () => { window.close(); setTimeout(() => { if (history.length > 1) history.back(); }, 100); },
    share: (b) => {
      if (navigator.share) navigator.share({ title: document.title, url: location.href }).catch(() => {});
      else copy(b, location.href);
    },
    copy: (b) => copy(b, b.dataset.copy ?? ""),
    type: (b) => {
      document.documentElement.dataset.type = b.dataset.type ?? "";
      all("[data-act='type']").forEach((o) => o.setAttribute("aria-pressed", String(o === b)));
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && acts[button.dataset.act]) acts[button.dataset.act](button);
  });

  // A page that follows what happens: told that something changed, it asks for itself again and moves what is new
  // into its place. Where nobody can tell it, it asks from time to time.
  const list = document.querySelector("[data-live]");
  if (list && window.EventSource) {
    const shown = document.querySelector("[data-live-state]");
    const tell = (word) => {
      if (!shown) return;
      shown.hidden = false;
      shown.textContent = shown.dataset[word] ?? "";
    };
    all("[data-live-plain]").forEach((link) => { link.hidden = true; });
    let version = list.dataset.version;
    let busy = false;
    let missed = false;
    let timer = 0;
    const swap = (id, news) => {
      const old = document.getElementById(id);
      const fresh = news.getElementById(id);
      if (old && fresh && old.textContent !== fresh.textContent) old.replaceWith(document.adoptNode(fresh));
    };
    const take = (news) => {
      ["qa-state", "qa-figures", "qa-ask"].forEach((id) => swap(id, news));
      const fresh = all("li[data-revision]", news);
      const ids = new Set(fresh.map((li) => li.id));
      all("li[data-revision]", list).forEach((li) => { if (!ids.has(li.id)) li.remove(); });
      fresh.forEach((li, i) => {
        const old = document.getElementById(li.id);
        if (old && old.dataset.revision === li.dataset.revision) return;
        const moved = document.adoptNode(li);
        if (old) old.replaceWith(moved); else list.insertBefore(moved, list.children[i] ?? null);
      });
      if (fresh.length) document.getElementById("qa-empty")?.remove();
    };
    const renew = () => {
      if (busy) { missed = true; return; }
      busy = true;
      const ask = new XMLHttpRequest();
      ask.responseType = "document";
      ask.open("GET", location.pathname);
      ask.onloadend = () => {
        busy = false;
        if (ask.status === 200 && ask.response) take(ask.response);
        if (missed) { missed = false; renew(); }
      };
      ask.send();
    };
    const source = new EventSource(list.dataset.live);
    source.onopen = () => { clearInterval(timer); timer = 0; tell("on"); };
    source.onmessage = (event) => {
      if (event.data !== version) { version = event.data; renew(); }
      if (event.data.endsWith("-ended")) { source.close(); if (shown) shown.hidden = true; }
    };
    source.onerror = () => {
      tell("off");
      if (!timer) timer = setInterval(renew, 20000);
    };
  }

  // An open menu closes with Escape and gives the focus back.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // A template fills its note, but never over what somebody typed.
  all("select[data-fills]").forEach((select) => {
    const note = document.getElementById(select.dataset.fills);
    if (!note) return;
    let filled = "";
    select.addEventListener("change", () => {
      if (note.value.trim() && note.value !== filled) return;
      note.value = filled = select.selectedOptions[0]?.dataset.text ?? "";
    });
  });

  // The desk: j and k walk through [data-item], a single key presses the [data-key] button of the current
  // item, or of the page where there are no items. Never while typing, never with a modifier.
  const items = all("[data-item]");
  let at = Math.max(0, items.findIndex((i) => i.getAttribute("aria-current") === "true"));
  const go = (to) => {
    if (!items[to]) return;
    items.forEach((i) => i.removeAttribute("aria-current"));
    at = to;
    items[at].setAttribute("aria-current", "true");
    const target = items[at].matches("a, button, [tabindex]") ? items[at] : items[at].querySelector("a, button") ?? items[at];
    target.focus({ preventScroll: true });
    items[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || event.isComposing) return;
    if (items.length && event.key === "j") { event.preventDefault(); go(at + 1); return; }
    if (items.length && event.key === "k") { event.preventDefault(); go(at - 1); return; }
    if (event.key.length !== 1) return;
    const key = CSS.escape(event.key);
    const target = items[at]?.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    event.preventDefault();
    // A key that opens a form also puts the cursor into it.
    if (target.matches("summary")) {
      target.parentElement.open = true;
      (target.parentElement.querySelector("textarea, input:not([type='hidden'])") ?? target).focus();
      return;
    }
    if (typing(target)) target.focus(); else target.click();
  });
})();
