// Starts the face worker: `new Worker("/worker.js", { type: "module" })`. Takes the best build that this browser can run;
// `?at-most=relaxed` leaves out those before it. What the messages say is between the module and the page (`crates/worker-messages`).
import { BUILDS } from "./worker-builds.js";

const isModule = (...bytes) =>
  WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...bytes]));

// (a, b, c) => f32x4.relaxed_madd(a, b, c)
const relaxed = () => isModule(
  1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11,
);

// Memory with two threads on it: () => i32.atomic.load(0). The page must be isolated from other origins.
const threads = () => relaxed() && self.crossOriginIsolated && navigator.hardwareConcurrency > 1 &&
  typeof SharedArrayBuffer === "function" && typeof Atomics.waitAsync === "function" && isModule(
    1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 10, 1, 8, 0, 65, 0, 254, 16, 2, 0, 11,
  );

// The best first; the last is tried whatever the browser says of itself.
const ABLE = [["threads", threads], ["relaxed", relaxed], ["plain", () => true]];

async function begin() {
  const most = new URL(self.location).searchParams.get("at-most");
  const from = Math.max(0, ABLE.findIndex(([name]) => name === most));
  const usable = ABLE.slice(from).filter(([name, able]) => BUILDS[name] && able());
  for (const [name] of usable.slice(0, -1)) {
    try {
      return await load(BUILDS[name]);
    } catch (error) {
      console.warn(`the face worker does not start as "${name}": ${error}`);
    }
  }
  return load(BUILDS[usable.at(-1)[0]]);
}

async function load(folder) {
  const { default: init, handle, start, pair } = await import(`${folder}kiosk_worker.js`);
  const module = await WebAssembly.compileStreaming(fetch(`${folder}kiosk_worker_bg.wasm`));
  const { memory } = await init({ module_or_path: module });
  start();
  if (pair) {
    pair();
    // Ends with this worker. Until it is there, or if it never comes, everything is computed here.
    const helper = new Worker("/helper.js", { type: "module" });
    helper.postMessage({ folder, module, memory });
  }
  return handle;
}

// Messages may arrive before the module is ready; each is handled after the one before it.
const handling = begin();
let last = handling;

self.onmessage = ({ data }) => {
  last = last.then(async () => (await handling)(data));
};

// A trap ends the module for good. The page hears of it as an error of this worker, and starts a new one.
self.onunhandledrejection = (event) => {
  event.preventDefault();
  setTimeout(() => { throw new Error("the face worker crashed"); });
};
