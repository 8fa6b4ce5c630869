// Solves the task that stands before a form (see docs/abuse.md) while its reader types. In slices between two events
// rather than in a worker: a worker's address would need a trusted-types policy, and the pages allow none. Without this
// file the server lets people wait instead.
"use strict";
(() => {
  const line = document.querySelector("[data-challenge]");
  const forms = Array.from(document.querySelectorAll("main form[method='post']"));
  if (!line || !forms.length || !window.fetch || !window.TextEncoder) return;

  // SHA-256 (FIPS 180-4): its constants are the fractions of roots of the first primes.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
  const START = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  // Takes the 16 words in `w` into `h`.
  const compress = (h) => {
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const s = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const t = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
  };
  const digest = (text) => {
    const bytes = new TextEncoder().encode(text);
    const padded = new Uint8Array(((bytes.length + 8 >> 6) + 1) * 64);
    padded.set(bytes);
    padded[bytes.length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 4, bytes.length * 8);
    const h = Int32Array.from(START);
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
      compress(h);
    }
    return h;
  };

  // Lets whatever waits have its turn.
  const pause = () => new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); resume(); };
    port2.postMessage(0);
  });
  const solve = async ({ token, parts, bits }, told) => {
    const seed = digest(token);
    const h = new Int32Array(8);
    const found = [];
    let slice = performance.now();
    for (let part = 0; part < parts; part++) {
      for (let n = 0; ; n++) {
        w.set(seed);
        w[8] = part; w[9] = n; w[10] = 0x80000000 | 0;
        w.fill(0, 11, 15);
        w[15] = 320;
        h.set(START);
        compress(h);
        if (Math.clz32(h[0]) >= bits) { found.push(n); break; }
        if ((n & 255) === 0 && performance.now() - slice > 10) { await pause(); slice = performance.now(); }
      }
      told(part + 1, parts);
    }
    return `${token}~${found.join(".")}`;
  };

  const fields = forms.map((form) => {
    const known = form.querySelector("input[name='challenge']");
    if (known) return known;
    const made = document.createElement("input");
    made.type = "hidden";
    made.name = "challenge";
    form.append(made);
    return made;
  });
  const say = (words) => { line.textContent = words; };
  let state = "idle";
  let waits = null;
  const begin = async () => {
    if (state === "busy") return;
    state = "busy";
    try {
      const task = await (await fetch(line.dataset.challenge, { headers: { accept: "application/json" } })).json();
      if (!task.required) { state = "free"; }
      else {
        say(line.dataset.busy);
        const answer = await solve(task, (done, all) => { if (waits) say(`${line.dataset.wait}${done}/${all}`); });
        fields.forEach((field) => { field.value = answer; });
        state = "done";
        say(line.dataset.done);
        document.querySelector("p[data-instead]")?.remove();
        // Before it runs out there is another one.
        setTimeout(() => { state = "idle"; begin(); }, Math.max(10, task.valid_seconds - 60) * 1000);
      }
    } catch { state = "failed"; }
    const waiting = waits;
    waits = null;
    if (waiting) waiting.form.requestSubmit(waiting.button);
  };

  const first = forms[0];
  first.prepend(line);
  const actions = first.querySelector(".actions");
  if (actions) actions.before(line);
  const typed = first.querySelector("textarea, input:not([type='hidden']), select");
  if (first.dataset.atOnce || !typed) begin();
  else forms.forEach((form) => form.addEventListener("input", begin, { once: true }));
  // Sent while the task is being solved, it goes as soon as that is done.
  document.addEventListener("submit", (event) => {
    if (state !== "busy" || !forms.includes(event.target)) return;
    event.preventDefault();
    waits = { form: event.target, button: event.submitter };
    say(line.dataset.wait);
  }, true);
  // Coming back with the browser's button finds an answer that was used.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    fields.forEach((field) => { field.value = ""; });
    state = "idle";
    begin();
  });
})();
