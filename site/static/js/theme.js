/* The reader's own choice of light or dark, put on the page before it is painted; site.js keeps it. */

try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the machine's scheme.
}
