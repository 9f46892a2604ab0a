// Starts the face worker: `new Worker("/worker.js", { type: "module" })`. Messages: see PROTOCOL.md.
import init, { handle, start } from "./kiosk_worker.js";

// Messages may arrive before the module is ready; each is handled after the one before it.
const wasm = new URL("kiosk_worker_bg.wasm", import.meta.url);
let last = init({ module_or_path: wasm }).then(start);

self.onmessage = (event) => {
  last = last.then(() => handle(event.data));
};

// A trap ends the module for good. The page hears of it and starts a new worker.
self.onunhandledrejection = (event) => {
  event.preventDefault();
  self.postMessage({ type: "failed", reason: "crashed" });
};
