/* A search box with suggestions, by the ARIA combobox pattern. Without this file it is a plain form.

   `data-suggest` names the address that answers with options; each option is a link. */

const WAIT = 150;
let count = 0;

class Combobox {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.list = document.createElement("div");
    this.list.className = "sugg";
    this.list.id = `goi-y-${(count += 1)}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    this.form.append(this.list);
    this.form.autocomplete = "off";
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("focusout", () => this.close());
    // A press on an option must not take the focus from the box before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.form.addEventListener("submit", () => this.close());
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  get open() {
    return !this.list.hidden;
  }

  get active() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  wait() {
    clearTimeout(this.timer);
    this.request?.abort();
    const typed = this.input.value.trim();
    if (!typed) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(typed), WAIT);
  }

  async ask(typed) {
    this.request = new AbortController();
    const address = new URL(this.input.dataset.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, {
        signal: this.request.signal,
        headers: { "HX-Request": "true" },
      });
      const html = answer.ok ? await answer.text() : "";
      if (document.activeElement === this.input && this.input.value.trim() === typed) {
        this.show(html, typed);
      }
    } catch (problem) {
      if (problem.name !== "AbortError") this.close();
    }
  }

  /** Put in the options that answer `typed`; the one chosen stays chosen if it is among them. */
  show(html, typed) {
    const chosen = this.active?.href;
    this.list.innerHTML = html;
    this.list.dataset.answers = typed;
    for (const option of this.options) option.id = `${this.list.id}-${option.id}`;
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.choose(this.options.find((option) => option.href === chosen) ?? null);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(null);
  }

  choose(option) {
    this.active?.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  /** Move by one; past either end lies the box itself. */
  move(step) {
    const rows = this.options;
    const from = this.active ? rows.indexOf(this.active) : step > 0 ? -1 : rows.length;
    this.choose(rows[from + step] ?? null);
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.open) {
        event.preventDefault();
        this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "ArrowDown" && this.input.value.trim()) {
        event.preventDefault();
        this.ask(this.input.value.trim());
      }
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.open && this.active) {
      event.preventDefault();
      location.assign(this.active.href);
    }
  }
}

function attach(root) {
  for (const input of root.querySelectorAll("input[data-suggest]:not([role])")) new Combobox(input);
}

attach(document);
document.addEventListener("htmx:load", (event) => attach(event.target));
