// Copies the chosen ready answer into the note, and its reason where none was chosen yet.
for (const form of document.querySelectorAll("[data-desk-decision]")) {
  const canned = form.elements.canned;
  const { note, reason } = form.elements;
  canned?.addEventListener("change", () => {
    const option = canned.selectedOptions[0];
    if (!option?.dataset.text) return;
    note.value = note.value.trim() ? `${note.value.trimEnd()}\n${option.dataset.text}` : option.dataset.text;
    if (reason && !reason.value) reason.value = option.dataset.reason;
    canned.value = "";
    note.focus();
  });
  // A double click sends one decision; the server would refuse the second anyway.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-desk-decision]")) delete form.dataset.sent;
});
