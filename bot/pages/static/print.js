// The button that prints the page: shown only where it works. Sketches further down wait until the first screen is
// there (10 kB each), and are loaded then, for a sheet with an empty frame helps nobody.
const button = document.getElementById("print");
const sketches = [...document.querySelectorAll("main img")];

const load = () => sketches.forEach((sketch) => (sketch.loading = "eager"));

button.hidden = false;
button.addEventListener("click", async () => {
  load();
  await Promise.allSettled(sketches.map((sketch) => sketch.decode()));
  window.print();
});
if (document.readyState === "complete") load();
else window.addEventListener("load", load);
