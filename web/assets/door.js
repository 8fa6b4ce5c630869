// The door of an event on a phone: what is scanned or typed goes into a queue and is sent from there, so that a
// network that is gone for a while stops nobody. Each scan has a key and the time at which it was made; sent twice it
// counts once. The queue lives in this page only: a lookup code is a key and is not stored. Without this script the
// form is sent as any other.
"use strict";
(() => {
  const form = document.querySelector("form[data-door]");
  const box = document.querySelector("[data-door-queue]");
  if (!form || !box || !window.fetch) return;
  const list = box.querySelector("ol");
  const left = box.querySelector("[data-door-left]");
  const [code, people, csrf] = ["code", "people", "csrf"].map((name) => form.elements.namedItem(name));
  const queue = [];
  let sending = false;
  let timer = 0;

  const two = (n) => String(n).padStart(2, "0");
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  const show = (scan, words, tone) => {
    scan.line.textContent = `${scan.clock}　${scan.code}　${words}`;
    scan.line.dataset.tone = tone;
    box.hidden = false;
    left.hidden = queue.length === 0;
    left.textContent = `${form.dataset.waiting} ${queue.length}`;
  };

  const count = (told) => ["present", "missing", "free"].forEach((name) => {
    const place = document.querySelector(`[data-door-count="${name}"]`);
    if (place && Number.isInteger(told[name])) place.textContent = String(told[name]);
  });

  const later = () => { clearTimeout(timer); timer = setTimeout(send, 3000); };

  // One after the other, in the order of the scans: who came first is first.
  async function send() {
    if (sending || queue.length === 0) return;
    sending = true;
    const scan = queue[0];
    show(scan, form.dataset.sending, "wait");
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), 8000);
    try {
      const body = new URLSearchParams({ csrf: csrf?.value ?? "", code: scan.code, people: scan.people, at: scan.at, key: scan.key });
      const answer = await fetch(form.dataset.door, { method: "POST", body, redirect: "manual", signal: stop.signal });
      const isJson = (answer.headers.get("content-type") ?? "").startsWith("application/json");
      if (answer.ok && isJson) {
        const told = await answer.json();
        queue.shift();
        show(scan, told.words, told.let_in ? "good" : "warn");
        count(told);
      } else if (answer.type === "opaqueredirect" || answer.status === 401) {
        show(scan, form.dataset.out, "warn");
      } else if (answer.status >= 500 || answer.status === 429) {
        show(scan, form.dataset.waiting, "wait");
      } else {
        // It would be refused again: it must not hold up the others.
        queue.shift();
        show(scan, `(${answer.status})`, "warn");
      }
    } catch {
      show(scan, form.dataset.waiting, "wait");
    }
    clearTimeout(patience);
    sending = false;
    if (queue.length === 0) return;
    if (queue[0] === scan) later(); else send();
  }

  form.addEventListener("submit", (event) => {
    const typed = code.value.trim();
    if (!typed) return;
    event.preventDefault();
    const now = new Date();
    const scan = { key: key(), code: typed, people: people.value.trim(), at: now.toISOString(), clock: `${two(now.getHours())}:${two(now.getMinutes())}`, line: document.createElement("li") };
    list.prepend(scan.line);
    queue.push(scan);
    show(scan, form.dataset.waiting, "wait");
    code.value = "";
    people.value = "";
    code.focus();
    send();
  });
  window.addEventListener("online", send);
  // What is still here would be lost with the page.
  window.addEventListener("beforeunload", (event) => { if (queue.length > 0) event.preventDefault(); });
})();
