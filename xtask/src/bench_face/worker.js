// Benchmark: the kiosk's worker module and onnxruntime-web, one thread each, turn by turn, in one worker.
import init, { Measure } from "./kiosk_worker.js";

const ROLES = ["detector", "landmark", "embedding", "liveness"];
const SHAPES = [[1, 3, 240, 320], [1, 1, 64, 64], [1, 3, 112, 112], [1, 3, 128, 128]];
const ROUNDS = 40;
const FRAMES = NUMBER_OF_FRAMES;

const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const noise = (length) => {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) / 32768 - 1;
  });
};
const timed = async (work) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

async function picture() {
  const picture = await createImageBitmap(await (await fetch("frame.png")).blob());
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, picture.width, picture.height);
}

// Everything up to the first analysed frame, as the kiosk's worker does it.
const fetching = Promise.all(ROLES.map((role) => bytes(`${role}.graph`)));
const frame = picture();
const { memory } = await init({ module_or_path: new URL("kiosk_worker_bg.wasm", import.meta.url) });
const instantiated = performance.now();
const files = await fetching;
const fetched = performance.now();
const ours = new Measure(...files);
const models = performance.now() - fetched;
const { data, width, height } = await frame;
const hint = ours.frame(data, width, height);
postMessage({ ready_ms: { instantiate: instantiated, models, first_frame: performance.now() } });

// Many frames of a stream: does memory grow?
function frames() {
  const wasm_start = memory.buffer.byteLength;
  for (let frame = 0; frame < FRAMES; frame += 1) ours.follow(data, width, height);
  return { frames: FRAMES, wasm_start, wasm_end: memory.buffer.byteLength };
}

// The kernel of the convolutions where it is at its best: everything in the nearest cache.
function peak() {
  const times = [];
  let multiplications = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    multiplications = ours.peak(100);
    times.push(performance.now() - began);
  }
  return (2 * multiplications) / (median(times) * 1e6);
}

async function measure() {
  const ort = await import("./ort.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL("ort.wasm", import.meta.url).href, mjs: new URL("ort-loader.mjs", import.meta.url).href };
  const sessions = [];
  for (const role of ROLES) {
    sessions.push(await ort.InferenceSession.create(await bytes(`${role}.onnx`), { graphOptimizationLevel: "all" }));
  }
  const inputs = SHAPES.map((shape) => noise(shape.reduce((a, b) => a * b)));
  const theirs = (index) => {
    const session = sessions[index];
    return session.run({ [session.inputNames[0]]: new ort.Tensor("float32", inputs[index], SHAPES[index]) });
  };
  // Everything is compiled to its best before anything counts.
  for (let warm = 0; warm < 8; warm += 1) {
    for (const index of SHAPES.keys()) {
      ours.run(index, inputs[index]);
      await theirs(index);
    }
    ours.frame(data, width, height);
    ours.follow(data, width, height);
    ours.rest(data, width, height);
  }

  const per_model = {};
  const flops = {};
  for (const [index, role] of ROLES.entries()) {
    const times = [[], []];
    let worst = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      let a;
      let b;
      times[0].push(await timed(() => { a = ours.run(index, inputs[index]); }));
      times[1].push(await timed(async () => { b = await theirs(index); }));
      if (round === 0) {
        const values = Object.values(b).flatMap((tensor) => [...tensor.data]);
        const sum = (list) => list.reduce((all, value) => all + Math.abs(value), 0);
        worst = Math.abs(sum([...a]) - sum(values)) / Math.max(1, sum(values));
      }
    }
    const [uketsuke, onnxruntime_web] = times.map(median);
    per_model[role] = { uketsuke, onnxruntime_web, ratio: uketsuke / onnxruntime_web, difference: worst };
    flops[role] = 2 * ours.multiplications(index);
  }

  const whole = [[], [], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    whole[0].push(await timed(() => ours.frame(data, width, height)));
    whole[1].push(await timed(async () => {
      ours.rest(data, width, height);
      for (const index of SHAPES.keys()) await theirs(index);
    }));
    whole[2].push(await timed(() => ours.follow(data, width, height)));
    whole[3].push(await timed(() => ours.rest(data, width, height)));
  }
  const mean = whole[2].reduce((a, b) => a + b) / whole[2].length;
  const [uketsuke, onnxruntime_web, , rest] = whole.map(median);
  const peak_gflops = peak();
  flops.frame = ROLES.reduce((all, role) => all + flops[role], 0);
  const fraction_of_peak = { frame: flops.frame / (uketsuke * 1e6) / peak_gflops };
  for (const role of ROLES) fraction_of_peak[role] = flops[role] / (per_model[role].uketsuke * 1e6) / peak_gflops;
  return {
    frame_ms: { uketsuke, onnxruntime_web, ratio: uketsuke / onnxruntime_web, followed_mean: mean, without_models: rest },
    per_model,
    flops,
    peak_gflops,
    fraction_of_peak,
    rounds: ROUNDS,
    frame: { width, height, hint },
  };
}

onmessage = async ({ data: { type } }) => {
  try {
    postMessage(type === "frames" ? frames() : await measure());
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
