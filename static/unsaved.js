// Whoever has typed something and not saved it is asked before they leave the page. A form that came
// back with what was typed ("typed") is not saved either.
const forms = [...document.querySelectorAll("form[data-unsaved]")];
const said = form => new URLSearchParams([...new FormData(form)].map(
  ([name, value]) => [name, value.name ?? value])).toString();
const before = new Map(forms.map(form => [form, said(form)]));
const isUnsaved = form => form.dataset.unsaved === "typed" || said(form) !== before.get(form);
let isSending = false;

addEventListener("submit", () => { isSending = true; });
addEventListener("pageshow", () => { isSending = false; });
addEventListener("beforeunload", event => {
  if (!isSending && forms.some(isUnsaved)) event.preventDefault();
});
