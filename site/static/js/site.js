/* What makes a page pleasanter; each one works without it. */

document.documentElement.classList.add("js");

/** Count the characters of a long field as they are typed. */
function count(field) {
  const line = document.getElementById(field.dataset.count);
  if (!line) return;
  const used = [...field.value].length;
  const most = Number(field.dataset.most);
  line.textContent = `${used} / ${most}`;
  line.classList.toggle("over", used > most);
}

/** Give a file field our own look, in the page's language. */
function dressFileField(input) {
  if (input.closest(".file")) return;
  const shell = document.createElement("span");
  shell.className = "file";
  const button = document.createElement("span");
  button.className = "btn sec2 sm";
  button.textContent = input.dataset.choose;
  const name = document.createElement("span");
  name.className = "name";
  const show = () => {
    const names = [...input.files].map((file) => file.name).join(", ");
    name.textContent = names || input.dataset.none;
  };
  input.replaceWith(shell);
  input.classList.remove("in1");
  shell.append(input, button, name);
  input.addEventListener("change", show);
  show();
}

function prepare(root) {
  root.querySelectorAll("[data-count]").forEach(count);
  root.querySelectorAll("input[type=file][data-choose]").forEach(dressFileField);
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.count) count(event.target);
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

const root = document.documentElement;

/** Say on the three buttons of the footer which of the schemes is chosen. */
function showTheme() {
  for (const button of document.querySelectorAll(".theme button")) {
    button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme ?? "")));
  }
}

/** Keep the choice here rather than in a cookie, so that pages stay the same for everybody. */
function chooseTheme(theme) {
  localStorage.setItem("theme", theme);
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = "theme=; path=/; max-age=0; samesite=lax";
  showTheme();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".theme")) return;
  try {
    chooseTheme(event.submitter.value);
    event.preventDefault();
  } catch {
    // Nothing can be kept here: the server keeps it in a cookie.
  }
});

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
showTheme();

// A row of tabs wider than a phone starts with the one that is open.
for (const tab of document.querySelectorAll(":is(.tabs, .wsnav) [aria-current]")) {
  const row = tab.closest("ul, .tabs");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - row.clientWidth / 3;
}

// After a form came back with errors, start at the summary.
document.querySelector("[data-error-summary]")?.focus();
