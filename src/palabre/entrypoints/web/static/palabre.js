// Makes pages that already work quicker and kinder. Every part may be missing: nothing here is needed.
const root = document.documentElement;
const say = document.body.dataset;
root.classList.add("js");

const on = (type, selector, handle) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) handle(event, found);
  });
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function toast(words) {
  const box = Object.assign(document.createElement("p"), { className: "toast", textContent: words });
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 5000);
}

// Where one is can be seen in its navigation, also where that is wider than the screen.
all(".side-nav [aria-current]").forEach((link) => {
  const list = link.closest("ul"), [inner, outer] = [link, list].map((one) => one.getBoundingClientRect());
  list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
});

// Menus close when one looks elsewhere.
document.addEventListener("click", (event) =>
  all("details.menu[open], details.alt[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false)));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open], details.alt[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
on("click", "[data-dismiss]", (event, button) => button.closest(".flash").remove());
on("click", "[data-back]", (event) => {
  if (document.referrer.startsWith(location.origin) && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});
on("click", "[data-reload]", (event) => {
  event.preventDefault();
  location.reload();
});
on("focusin", "[data-select]", (event, field) => field.select());

// Language and theme: chosen at once, kept by the server.
on("change", "[data-submit]", (event, field) => field.form.requestSubmit());
on("change", "[data-theme-choice]", (event, field) => {
  root.dataset.theme = field.value;
  fetch(field.form.action, { method: "POST", body: new FormData(field.form), redirect: "manual" });
});

// Addresses of posts: shared where the device can, else copied.
async function copy(address) {
  await navigator.clipboard.writeText(address);
  toast(say.copied);
}
on("click", "[data-copy]", (event, link) => {
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  copy(link.href);
});
on("click", "[data-share]", (event, link) => {
  event.preventDefault();
  if (navigator.share) navigator.share({ url: link.href }).catch(() => {});
  else copy(link.href);
});

// Pictures open large, one after the other with the arrow keys.
on("click", "[data-zoom]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const links = all("[data-zoom]", link.closest(".media"));
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  const image = new Image();
  const words = document.createElement("p");
  const close = Object.assign(document.createElement("button"), { textContent: "×" });
  close.setAttribute("aria-label", say.close);
  let at = links.indexOf(link);
  const show = (step) => {
    at = (at + step + links.length) % links.length;
    image.src = links[at].href;
    image.alt = words.textContent = links[at].querySelector("img").alt;
  };
  dialog.append(image, words, close);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight" || key === "ArrowLeft") show((key === "ArrowRight") === (getComputedStyle(dialog).direction === "ltr") ? 1 : -1);
  });
  show(0);
  document.body.append(dialog);
  dialog.showModal();
});

// Times in the reader's own zone.
function localTimes(within) {
  const style = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "long", timeStyle: "short" });
  all("time[title]", within).forEach((time) => (time.title = style.format(new Date(time.dateTime))));
}

// A deed shows at once; the server's answer then replaces it, and a failure takes it back.
function flip(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  const tally = button.querySelector(".tally");
  button.setAttribute("aria-pressed", String(!pressed));
  if (tally && /^\d*$/.test(tally.textContent)) tally.textContent = Math.max(0, +tally.textContent + (pressed ? -1 : 1)) || "";
}
const toggled = (event) => event.detail.ctx?.sourceElement?.matches?.(".toggle") && event.detail.ctx.sourceElement.querySelector("button");
document.addEventListener("htmx:before:request", (event) => toggled(event) && flip(toggled(event)));
for (const failure of ["htmx:error", "htmx:response:error"])
  document.addEventListener(failure, (event) => {
    if (toggled(event)) flip(toggled(event));
    if (event.detail.ctx?.sourceElement?.matches?.(".toggle, .follow, .older")) toast(say.failed);
  });
document.addEventListener("htmx:after:swap", () => localTimes(document));

// Newer posts: asked for once a minute while the page is looked at.
setInterval(() => document.hidden || document.body.dispatchEvent(new Event("palabre:look")), 60000);

// A form is sent once.
document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("hx-post") || event.target.method === "get") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Writing: what is left, picture previews, a draft that survives an accident.
function compose(form) {
  const text = form.querySelector("textarea.words");
  const count = form.querySelector(".count");
  const slots = all("[data-slot]", form);
  const key = `draft:${form.dataset.draft}`;

  const tell = () => {
    const counted = text.value.replace(/https?:\/\/\S+/g, "x".repeat(23)).replace(/(@\w+)@[\w.-]+/g, "$1");
    const left = text.dataset.max - [...new Intl.Segmenter().segment(counted)].length;
    count.textContent = left < 0 || text.value ? left.toLocaleString(root.lang) : "";
    count.title = (left < 0 ? count.dataset.over : count.dataset.left).replace("{n}", Math.abs(left));
    count.classList.toggle("over", left < 0);
  };
  const slot = (fieldset) => fieldset.querySelector("[type=file]");
  const arrange = () => slots.forEach((fieldset, i) => (fieldset.hidden = i > 0 && !slot(slots[i - 1]).files.length));
  const preview = (fieldset) => {
    const [file] = slot(fieldset).files;
    fieldset.querySelector("img")?.remove();
    if (file) fieldset.prepend(Object.assign(new Image(), { src: URL.createObjectURL(file), alt: "" }));
    arrange();
  };
  const take = (files) => {
    for (const file of files) {
      const free = slots.find((fieldset) => !slot(fieldset).files.length);
      if (!free || !file.type.startsWith("image/")) continue;
      const data = new DataTransfer();
      data.items.add(file);
      slot(free).files = data.files;
      form.querySelector(".pictures").open = true;
      preview(free);
    }
  };

  form.addEventListener("focusin", () => form.classList.add("awake"));
  form.addEventListener("change", (event) => event.target.type === "file" && preview(event.target.closest("[data-slot]")));
  form.addEventListener("paste", (event) => take(event.clipboardData.files));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  form.addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && form.requestSubmit());
  text.addEventListener("input", () => {
    tell();
    sessionStorage.setItem(key, text.value);
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  const kept = sessionStorage.getItem(key);
  if (kept && kept !== text.value && !text.value.trim()) {
    text.value = kept;
    form.classList.add("awake");
    toast(say.draftKept);
  }
  arrange();
  tell();
}

localTimes(document);
all("[data-composer]").forEach(compose);
