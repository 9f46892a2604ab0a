// The second thread of the face worker, started by worker.js on the same module and memory.
self.onmessage = async ({ data: { folder, module, memory } }) => {
  const { default: init, help } = await import(`${folder}kiosk_worker.js`);
  await init({ module_or_path: module, memory });
  // Takes work out of the shared memory from now on, and never returns.
  help();
};
