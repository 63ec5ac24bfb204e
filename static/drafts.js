// What is typed into a form is kept as one types: a moment after the last key the fields that changed are
// sent to the form's `data-save`, and the page says when that was. Without scripts a button does it.
const form = document.querySelector("form[data-save]");
const said = document.getElementById("saved");
const WAIT = 1500, AGAIN = 5000;
const values = name => JSON.stringify(new FormData(form).getAll(name));
const names = () => new Set([...form.elements].map(one => one.name).filter(
  name => name && name !== "csrfmiddlewaretoken" && !["save", "discard"].includes(name)));
const kept = new Map([...names()].map(name => [name, form.dataset.typed ? null : values(name)]));
let timer = 0, isSending = false, isClosed = false, asked = null;

const changed = () => [...names()].filter(name => values(name) !== kept.get(name));
const soon = wait => { clearTimeout(timer); timer = setTimeout(keep, wait); };
const say = words => { if (said.textContent !== words) said.textContent = words; };

const body = some => {
  const data = new FormData(form), sent = new URLSearchParams();
  sent.append("csrfmiddlewaretoken", data.get("csrfmiddlewaretoken"));
  for (const name of some) {
    sent.append("changed", name);
    data.getAll(name).forEach(value => sent.append(name, value));
  }
  return sent;
};

const keep = async () => {
  const some = changed();
  if (!some.length || isSending || isClosed || asked) return;
  const were = some.map(name => [name, values(name)]);
  asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body: body(some), signal: asked.signal });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && told.saved_at) {
      were.forEach(([name, value]) => kept.set(name, value));
      const at = new Date(told.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
      say(`Saved at ${at}`);
    } else {
      isClosed = true;
      say(told.refused || "Not saved: reload the page, and copy what you typed before you do.");
    }
  } catch {
    if (!isSending) { say("Not saved yet: there is no connection. It is tried again."); soon(AGAIN); }
    return;
  } finally {
    asked = null;
  }
  if (changed().length) soon(WAIT);
};

if (form && said) {
  form.addEventListener("input", () => { if (!isClosed) say("Not saved yet"); isClosed = false; soon(WAIT); });
  form.addEventListener("change", () => soon(WAIT));
  form.addEventListener("submit", () => { isSending = true; clearTimeout(timer); asked?.abort(); });
  addEventListener("pageshow", () => { isSending = false; });
  addEventListener("pagehide", () => {
    const some = changed();
    if (some.length && !isSending && !isClosed) navigator.sendBeacon(form.dataset.save, body(some));
  });
  addEventListener("beforeunload", event => {
    if (!isSending && isClosed && changed().length) event.preventDefault();
  });
  if (form.dataset.typed) soon(WAIT);
}
