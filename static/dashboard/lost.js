// A part of the page that renews itself keeps what it showed when that fails, and says so in its data-lost.

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => event.target.querySelector("[data-lost]")?.removeAttribute("hidden"));
}
