// Benchmark: the kiosk's worker module and onnxruntime-web, one thread each, turn by turn, in one worker.
import init, { Measure } from "./kiosk_worker.js";
import * as ort from "./ort.mjs";

const ROLES = ["detector", "landmark", "embedding", "liveness"];
const SHAPES = [[1, 3, 240, 320], [1, 1, 64, 64], [1, 3, 112, 112], [1, 3, 128, 128]];
// How often one frame runs each model.
const PER_FRAME = [1, 1, RUNS_OF_EMBEDDING, 1];
const ROUNDS = 40;

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

async function frame() {
  const picture = await createImageBitmap(await (await fetch("frame.png")).blob());
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, picture.width, picture.height);
}

async function measure() {
  const files = await Promise.all(ROLES.map((role) => bytes(`${role}.graph`)));
  const fetched = performance.now();
  await init({ module_or_path: new URL("kiosk_worker_bg.wasm", import.meta.url) });
  const instantiated = performance.now();
  const ours = new Measure(...files);
  const models = performance.now() - instantiated;
  const { data, width, height } = await frame();
  ours.frame(data, width, height);
  const cold = performance.now();

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
  }

  const whole = [[], [], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    whole[0].push(await timed(() => ours.frame(data, width, height)));
    whole[1].push(await timed(async () => {
      ours.rest(data, width, height);
      for (const [index, times] of PER_FRAME.entries()) {
        for (let time = 0; time < times; time += 1) await theirs(index);
      }
    }));
    whole[2].push(await timed(() => ours.follow(data, width, height)));
    whole[3].push(await timed(() => ours.rest(data, width, height)));
  }
  const mean = whole[2].reduce((a, b) => a + b) / whole[2].length;
  const [uketsuke, onnxruntime_web, , rest] = whole.map(median);
  return {
    frame_ms: { uketsuke, onnxruntime_web, ratio: uketsuke / onnxruntime_web, followed_mean: mean, without_models: rest },
    per_model,
    ready_ms: { models, instantiate: instantiated - fetched, first_frame: cold },
    rounds: ROUNDS,
    frame: { width, height, hint: ours.frame(data, width, height) },
    relaxed_simd: true,
    threads: 1,
  };
}

measure().then(
  (result) => postMessage(result),
  (error) => postMessage({ error: String(error?.stack ?? error) }),
);
