// Starts the page. Whatever fails, the sentence that stands in the page itself is what people see.
const fallback = document.getElementById("fallback").cloneNode(true);

const CRASHED = "uketsuke:crashed";
const later = setTimeout.bind(self);

// Not every crash is told by the program itself.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, ({ error, reason }) => {
    if ((error ?? reason) instanceof WebAssembly.RuntimeError) dispatchEvent(new Event(CRASHED));
  });
}

// A kiosk offers nobody to save, print or inspect anything.
if (document.body.dataset.page === "kiosk") {
  addEventListener("contextmenu", (event) => event.preventDefault());
}

addEventListener(CRASHED, () => {
  // Nothing personal may stay on a screen that nobody can work with. Cameras and workers end by listeners of their own,
  // see `effects/crash.rs`; whatever picture is left goes with its stream.
  for (const video of document.querySelectorAll("video")) {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
  document.body.replaceChildren(fallback);
  endTimers();
  recover();
}, { once: true });

// A program that has crashed is still called when its timers are due: it would tell the bridge that the camera is gone.
function endTimers() {
  // Timeouts and intervals are numbered together.
  for (let id = later(() => {}); id > 0; id--) clearTimeout(id);
  self.setTimeout = self.setInterval = () => 0;
}

function recover() {
  later(async () => {
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
