// Starts the page. Whatever fails, the sentence that stands in the page itself is what people see.
const fallback = document.getElementById("fallback").cloneNode(true);

addEventListener("uketsuke:crashed", () => {
  // Nothing personal may stay on a screen that nobody can work with.
  document.body.replaceChildren(fallback);
  recover();
}, { once: true });

function recover() {
  setTimeout(async () => {
    try {
      // Only when the bridge answers, so that the browser's own error page is never seen.
      const answer = await fetch(location.pathname, { cache: "no-store" });
      if (answer.ok) return location.reload();
    } catch { /* The bridge is away: try again. */ }
    recover();
  }, 3000);
}

try {
  const { default: init } = await import("/kiosk_web.js");
  await init({ module_or_path: "/kiosk_web_bg.wasm" });
} catch (error) {
  console.error(error);
  if (!fallback.dataset.final) recover();
}
