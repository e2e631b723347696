/* The results page: facets that stay as the visitor left them while htmx brings new counts. */

const form = document.querySelector("[data-facets]");
const results = document.getElementById("ket-qua");

/** One character to one character, `đ` to `d`, marks away: as the server folds. */
function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("đ", "d");
}

const words = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Show only the values of a long facet whose name, new or old, has the words typed. */
function narrow(group) {
  const typed = words(group.querySelector(".narrow").value);
  const rest = group.querySelector("details.rest");
  let found = 0;
  for (const option of group.querySelectorAll(".opt")) {
    const own = words(`${option.querySelector("span").textContent} ${option.dataset.also ?? ""}`);
    const fits = typed.every((part) => own.some((word) => word.startsWith(part)));
    option.hidden = !fits && !option.querySelector("input").checked;
    found += option.hidden ? 0 : 1;
  }
  if (rest) {
    // While a text chooses, nothing stays behind "Xem thêm".
    if (typed.length) rest.open = true;
    rest.querySelector("summary").hidden = typed.length > 0;
  }
  group.querySelector("[data-none]").hidden = found > 0;
}

/** A parent shows a dash while something below it, but not itself, is selected. */
function markParents() {
  for (const below of form.querySelectorAll(".opt + .opts")) {
    const parent = below.previousElementSibling.querySelector("input");
    parent.indeterminate = !parent.checked && below.querySelector(":checked") !== null;
  }
}

/** A whole sector or some of its parts: ticking one side lets go of the other. */
function settle(box) {
  const option = box.closest(".opt");
  if (!option || !box.checked) return;
  const below = option.nextElementSibling;
  if (below?.matches(".opts")) {
    for (const child of below.querySelectorAll("input:checked")) child.checked = false;
  }
  const parent = option.closest(".opts .opts")?.previousElementSibling?.querySelector("input");
  if (parent) parent.checked = false;
}

function prepare() {
  for (const group of form.querySelectorAll("[data-narrow]")) {
    // The list is shortened here; the server need not do it as well.
    group.querySelector(".narrow").removeAttribute("name");
    if (group.querySelector(".narrow").value) narrow(group);
  }
  markParents();
}

/** What the visitor opened, closed, typed and scrolled to, to be put back after a swap. */
function remember() {
  const open = new Map([...form.querySelectorAll("details[id]")].map((item) => [item.id, item.open]));
  const typed = new Map([...form.querySelectorAll(".narrow")].map((item) => [item.id, item.value]));
  return { open, typed, top: form.scrollTop };
}

function restore({ open, typed, top }) {
  for (const [id, value] of open) {
    const item = document.getElementById(id);
    if (item) item.open = value;
  }
  for (const [id, value] of typed) {
    const item = document.getElementById(id);
    if (item) item.value = value;
  }
  prepare();
  form.scrollTop = top;
}

/** On a phone the filters cover the page: the focus stays in them until they close. */
function keepInside(event) {
  if (event.key !== "Tab" || !form.matches(":popover-open")) return;
  const stops = [...form.querySelectorAll("a[href], button, input, summary")].filter(
    (stop) => stop.type !== "hidden" && stop.checkVisibility(),
  );
  const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  other.focus();
}

/** Someone who went back before htmx was listening sees the address of one list above another. */
function catchUp() {
  const [arrival] = performance.getEntriesByType("navigation");
  const bare = (address) => address.split("#")[0];
  if (arrival && bare(arrival.name) !== bare(location.href)) location.reload();
}

if (form && results) {
  // htmx listens from this event on; before it, nobody has heard of a step back.
  document.addEventListener("DOMContentLoaded", catchUp);
  let kept = null;
  if (window.htmx) form.dataset.live = "";

  // Typing in a facet's own search field is no change of the question.
  form.addEventListener("change", (event) => {
    if (event.target.matches(".narrow")) event.stopImmediatePropagation();
    else settle(event.target);
  }, true);
  form.addEventListener("input", (event) => {
    if (event.target.matches(".narrow")) narrow(event.target.closest("[data-narrow]"));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".narrow")) event.preventDefault();
  });
  form.addEventListener("keydown", keepInside);
  form.addEventListener("submit", () => {
    if (form.matches(":popover-open")) form.hidePopover();
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === results) kept = remember();
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== results || !kept) return;
    restore(kept);
    kept = null;
    // After a link of the results (page, chip) reading goes on at the top of the new list.
    if (event.detail.requestConfig?.elt?.matches("a")) {
      results.querySelector("h1")?.focus({ preventScroll: true });
      results.scrollIntoView({ block: "start" });
    }
  });
  prepare();
}
