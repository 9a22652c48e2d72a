// What the modules of WebAssembly take.

/** Runs `work` with an eye on the modules that are made meanwhile: how many, and the octets that the last one has. */
export function watchingMemory(work) {
  const made = WebAssembly.Instance;
  const memories = [];
  WebAssembly.Instance = function (...given) {
    const instance = new made(...given);
    memories.push(instance.exports.memory);
    return instance;
  };
  try {
    work({ modules: () => memories.length, octets: () => memories.at(-1).buffer.byteLength });
  } finally {
    WebAssembly.Instance = made;
  }
}
