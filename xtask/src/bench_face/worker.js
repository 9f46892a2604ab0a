// Benchmark: the builds of the kiosk's worker module and onnxruntime-web, turn by turn, in one worker.
const BUILDS = NAMES_OF_BUILDS;

const ROLES = ["detector", "landmark", "embedding", "liveness"];
const SHAPES = [[1, 3, 240, 320], [1, 1, 64, 64], [1, 3, 112, 112], [1, 3, 128, 128]];
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

// The picture in the middle of a canvas, as large as itself unless told otherwise.
async function canvas(width, height) {
  const picture = await createImageBitmap(await (await fetch("frame.png")).blob());
  const canvas = new OffscreenCanvas(width ?? picture.width, height ?? picture.height);
  const [x, y] = [(canvas.width - picture.width) / 2, (canvas.height - picture.height) / 2];
  canvas.getContext("2d").drawImage(picture, x, y);
  return canvas;
}

// RGBA of a frame of a video, always in the same buffer, as the kiosk's worker takes it.
async function take(canvas, landing, number) {
  const video = new VideoFrame(canvas, { timestamp: number * 33_333 });
  await video.copyTo(landing, { format: "RGBA" });
  video.close();
}

async function picture() {
  const context = (await canvas()).getContext("2d");
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

async function load(build) {
  const folder = `/${build}/`;
  const { default: init, Measure, pair, paired } = await import(`${folder}kiosk_worker.js`);
  const module = await WebAssembly.compileStreaming(fetch(`${folder}kiosk_worker_bg.wasm`));
  const { memory } = await init({ module_or_path: module });
  if (pair) {
    pair();
    const helper = new Worker("/helper.js", { type: "module" });
    helper.postMessage({ folder, module, memory });
  }
  return { memory, Measure, paired };
}

async function both(paired) {
  for (let wait = 0; paired && !paired(); wait += 1) {
    if (wait === 1000) throw new Error("the second thread does not come");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Everything up to the first analysed frame, as the kiosk's worker does it, with the best build.
const fetching = Promise.all(ROLES.map((role) => bytes(`${role}.graph`)));
const frame = picture();
const { memory, Measure, paired } = await load(BUILDS[0]);
const instantiated = performance.now();
const files = await fetching;
const fetched = performance.now();
const best = new Measure(...files);
const models = performance.now() - fetched;
const { data, width, height } = await frame;
const hint = best.frame(data, width, height);
postMessage({ ready_ms: { instantiate: instantiated, models, first_frame: performance.now() } });

// Many frames of a stream, up to so many: does memory grow? Gives the wasm memory in bytes.
const landing = new Uint8Array(data.length);
let taken = 0;
async function frames(until) {
  const source = await canvas();
  for (; taken < until; taken += 1) {
    await take(source, landing, taken);
    best.follow(landing, width, height);
  }
  return memory.buffer.byteLength;
}

// The kernel of the convolutions where it is at its best: everything in the nearest cache.
function peak(ours) {
  const times = [];
  let multiplications = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    multiplications = ours.peak(100);
    times.push(performance.now() - began);
  }
  return (2 * multiplications) / (median(times) * 1e6);
}

// The same face in a frame of 1280×720: what do more pixels cost?
async function large(one, two) {
  const source = await canvas(1280, 720);
  const landing = new Uint8Array(1280 * 720 * 4);
  const times = { take_ms: [], frame_ms: [], followed: [], threads2_frame_ms: [], threads2_followed: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.take_ms.push(await timed(() => take(source, landing, round)));
    times.frame_ms.push(await timed(() => one.frame(landing, 1280, 720)));
    times.followed.push(await timed(() => one.follow(landing, 1280, 720)));
    if (!two) continue;
    times.threads2_frame_ms.push(await timed(() => two.frame(landing, 1280, 720)));
    times.threads2_followed.push(await timed(() => two.follow(landing, 1280, 720)));
  }
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  const { followed, threads2_followed, ...rest } = times;
  const medians = Object.entries(rest).map(([key, list]) => [key, median(list)]);
  return { ...Object.fromEntries(medians), followed_mean: mean(followed), threads2_followed_mean: mean(threads2_followed) };
}

// Every number of every model, and whether a frame passes: the builds must agree.
function outputs(build, inputs) {
  const models = inputs.map((input, index) => build.run(index, input));
  return { models, hint: build.frame(data, width, height) };
}

function difference(a, b) {
  const far = (x, y) => x.reduce((most, value, at) => Math.max(most, Math.abs(value - y[at])), 0);
  const largest = (x) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const models = a.models.map((model, index) => far(model, b.models[index]) / largest(model));
  if (a.hint !== b.hint) throw new Error(`one build says ${a.hint}, another ${b.hint}`);
  return Math.max(...models);
}

async function measure() {
  await both(paired);
  const builds = { [BUILDS[0]]: best };
  for (const name of BUILDS.slice(1)) builds[name] = new (await load(name)).Measure(...files);
  const { relaxed: ours, threads, plain } = builds;
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
    for (const build of Object.values(builds)) {
      build.frame(data, width, height);
      build.follow(data, width, height);
      build.rest(data, width, height);
      for (const [index, input] of inputs.entries()) build.run(index, input);
    }
  }

  const golden = outputs(ours, inputs);
  const off = {};
  for (const name of BUILDS) off[name] = difference(golden, outputs(builds[name], inputs));
  if (threads && off.threads !== 0) throw new Error(`two threads differ by ${off.threads}`);
  if (off.plain > 1e-3) throw new Error(`plain SIMD differs by ${off.plain}`);

  const per_model = {};
  const flops = {};
  for (const [index, role] of ROLES.entries()) {
    const times = [[], [], []];
    let worst = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      let a;
      let b;
      times[0].push(await timed(() => { a = ours.run(index, inputs[index]); }));
      times[1].push(await timed(async () => { b = await theirs(index); }));
      if (threads) times[2].push(await timed(() => threads.run(index, inputs[index])));
      if (round === 0) {
        const values = Object.values(b).flatMap((tensor) => [...tensor.data]);
        const sum = (list) => list.reduce((all, value) => all + Math.abs(value), 0);
        worst = Math.abs(sum([...a]) - sum(values)) / Math.max(1, sum(values));
      }
    }
    const [uketsuke, onnxruntime_web, threads2] = times.map(median);
    per_model[role] = { uketsuke, onnxruntime_web, ratio: uketsuke / onnxruntime_web, difference: worst };
    if (threads) per_model[role].threads2 = threads2;
    flops[role] = 2 * ours.multiplications(index);
  }

  const whole = [[], [], [], []];
  const two = [[], [], []];
  const simd = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    whole[0].push(await timed(() => ours.frame(data, width, height)));
    whole[1].push(await timed(async () => {
      ours.rest(data, width, height);
      for (const index of SHAPES.keys()) await theirs(index);
    }));
    whole[2].push(await timed(() => ours.follow(data, width, height)));
    whole[3].push(await timed(() => ours.rest(data, width, height)));
    simd.push(await timed(() => plain.frame(data, width, height)));
    if (!threads) continue;
    two[0].push(await timed(() => threads.frame(data, width, height)));
    two[1].push(await timed(() => threads.follow(data, width, height)));
    two[2].push(await timed(() => threads.rest(data, width, height)));
  }
  const sum = (list) => list.reduce((a, b) => a + b);
  const mean = sum(whole[2]) / ROUNDS;
  const [uketsuke, onnxruntime_web, , rest] = whole.map(median);
  const peak_gflops = peak(ours);
  flops.frame = ROLES.reduce((all, role) => all + flops[role], 0);
  const fraction_of_peak = { frame: flops.frame / (uketsuke * 1e6) / peak_gflops };
  for (const role of ROLES) fraction_of_peak[role] = flops[role] / (per_model[role].uketsuke * 1e6) / peak_gflops;
  return {
    frame_ms: { uketsuke, onnxruntime_web, ratio: uketsuke / onnxruntime_web, followed_mean: mean, without_models: rest },
    threads2: threads && {
      frame_ms: median(two[0]),
      ratio: median(two[0]) / uketsuke,
      followed_mean: sum(two[1]) / ROUNDS,
      without_models: median(two[2]),
      difference: off.threads,
    },
    simd_plain: { frame_ms: median(simd), ratio: median(simd) / uketsuke, difference: off.plain },
    large: await large(ours, threads),
    per_model,
    flops,
    peak_gflops,
    fraction_of_peak,
    rounds: ROUNDS,
    frame: { width, height, hint },
  };
}

onmessage = async ({ data: { type, until } }) => {
  try {
    postMessage(await (type === "frames" ? frames(until) : measure()));
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
