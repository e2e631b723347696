// Adds and removes groups and rows of a rule, and shows the values of the chosen condition only.
function show(row) {
  const chosen = row.querySelector("[data-rule-fact]").value;
  for (const part of row.querySelectorAll("[data-rule-of]")) {
    part.hidden = part.dataset.ruleOf !== chosen;
    for (const control of part.querySelectorAll("input, select")) control.disabled = part.hidden;
  }
}

function next(items, key) {
  return Math.max(-1, ...[...items].map((item) => Number(item.dataset[key]))) + 1;
}

function grow(template, replace) {
  const holder = document.createElement("div");
  holder.innerHTML = Object.entries(replace).reduce((html, [from, to]) => html.replaceAll(from, to), template.innerHTML);
  return holder.firstElementChild;
}

function told(rule) {
  rule.querySelector("[data-rule-none]").hidden = rule.querySelector("[data-rule-at]") !== null;
  // Wagtail watches its forms for changes; a button makes none by itself.
  rule.dispatchEvent(new Event("change", { bubbles: true }));
}

function addRow(rule, group) {
  const rows = group.querySelector("[data-rule-rows]");
  const place = next(rows.querySelectorAll("[data-rule-row-at]"), "ruleRowAt");
  const row = grow(rule.querySelector("template[data-rule-row]"), { __g__: group.dataset.ruleAt, __r__: place });
  rows.append(row);
  row.querySelector("select").focus();
}

function addGroup(rule) {
  const groups = rule.querySelector("[data-rule-groups]");
  const at = next(groups.querySelectorAll("[data-rule-at]"), "ruleAt");
  const group = grow(rule.querySelector("template[data-rule-group]"), { __g__: at });
  groups.append(group);
  addRow(rule, group);
}

for (const rule of document.querySelectorAll("[data-rule]")) {
  rule.addEventListener("change", (event) => {
    if (event.target.matches("[data-rule-fact]")) show(event.target.closest("[data-rule-row-at]"));
  });
  rule.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const group = button.closest("[data-rule-at]");
    if ("ruleAddGroup" in button.dataset) addGroup(rule);
    else if ("ruleAddRow" in button.dataset) addRow(rule, group);
    else if ("ruleRemoveGroup" in button.dataset) group.remove();
    else if ("ruleRemoveRow" in button.dataset) button.closest("[data-rule-row-at]").remove();
    else return;
    told(rule);
  });
}
