// Single keys that move over the rows of a page and press what is on it; Tab and Enter can do all of it.
// A page marks its rows with data-row, and the buttons of a row's form with data-key="r" or "s". What a row
// opens is its link with data-open, or its first link. A person may turn all of this off in their profile.

const main = document.getElementById("main");
const dialog = document.getElementById("keys");

const rows = () => [...main.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const here = () => document.activeElement.closest("[data-row]");
const link = (row) => row.querySelector("[data-open]") ?? row.querySelector("a[href]");

function move(by) {
  const all = rows();
  const place = all.indexOf(here());
  const row = place < 0 ? all.at(by > 0 ? 0 : -1) : all[place + by];
  if (!row) return;
  const stop = link(row) ?? row;
  if (stop === row && row.tabIndex < 0) row.tabIndex = -1; // text alone, made to take the focus
  stop.focus();
  row.scrollIntoView({ block: "nearest" });
}

function open() {
  const row = here();
  if (row) (link(row) ?? row).click();
}

function select() {
  here()?.querySelector("input[type=checkbox]")?.click();
}

// Of a row: its form's button, over what is chosen there, or else over this row. Elsewhere: the page's only one.
function press(key) {
  const row = here();
  const place = row ? row.closest("form") : main;
  const buttons = [...(place?.querySelectorAll(`[data-key="${key}"]`) ?? [])].filter((one) => one.checkVisibility());
  if (buttons.length !== 1) return;
  if (row && !place.querySelector("input[type=checkbox]:checked")) select();
  buttons[0].click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: select,
  o: open,
  r: () => press("r"),
  s: () => press("s"),
  "/": () => document.getElementById("find")?.focus(),
  "?": () => dialog?.showModal(),
};

function hear(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const deed = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!deed || document.querySelector("dialog[open]")) return;
  event.preventDefault(); // else "/" would be typed into the box that it leads to
  deed();
}

if (document.body.dataset.keys !== "off") document.addEventListener("keydown", hear);
