// A phone shows the navigation in one line that can be moved: let it begin at the entry of this page.

const entries = document.querySelector(".side .entries");
const current = entries?.querySelector("[aria-current]");
if (current) entries.scrollLeft = current.offsetLeft - entries.offsetLeft - 48;
