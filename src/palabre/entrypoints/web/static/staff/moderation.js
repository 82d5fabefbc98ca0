// The queue by keyboard, and clocks that go on. Nothing here is needed.
const page = document.querySelector("[data-keys]");
const rows = () => [...document.querySelectorAll("[data-case]")];
let at = -1;

function go(to) {
  const all = rows();
  if (!all.length) return;
  all[at]?.classList.remove("here");
  at = Math.min(Math.max(to, 0), all.length - 1);
  all[at].classList.add("here");
  all[at].querySelector(".case-link").focus({ preventScroll: true });
  all[at].scrollIntoView({ block: "nearest" });
}

const press = (selector) => (rows()[at] ?? document).querySelector(selector)?.click();
const decide = () => {
  const form = document.querySelector("#decide form[action$='/decide'], #decide #ticks");
  if (form) form.querySelector("input:not([type=hidden])").focus();
  else if (rows()[at]) location = rows()[at].querySelector(".case-link").href + "#decide";
};
const keys = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  o: () => press(".case-link"),
  x: () => press(".tick input"),
  a: () => (rows()[at] ? press("[data-take]") : document.querySelector("form[action$='/take'] button")?.click()),
  d: decide,
  n: () => document.querySelector("[data-next]")?.click(),
  u: () => document.querySelector("a.back")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const inList = event.target.closest("[data-case]");
  const arrow = inList && { ArrowDown: "j", ArrowUp: "k" }[event.key];
  if (!arrow && page?.dataset.keys !== "on") return;
  const deed = keys[arrow || event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});
document.querySelector("#keys [data-close]")?.addEventListener("click", (event) => event.target.closest("dialog").close());
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-case]");
  if (!row) return;
  rows().forEach((one, place) => (one.classList.toggle("here", one === row), one === row && (at = place)));
});

// How much time is left, every half minute.
const say = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const sizes = [["day", 86400], ["hour", 3600], ["minute", 60]];
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-due]")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    const [unit, size] = sizes.find(([, length]) => Math.abs(seconds) >= length) ?? sizes[2];
    time.textContent = say.format(Math.round(seconds / size), unit);
  }
}, 30000);
