// Before the first paint: light or dark as the visitor once chose. Without a choice the system decides, in theme.css.
try {
  const chosen = localStorage.getItem("motcua.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // storage is switched off: as the system says
}
