import { spawnSync } from "node:child_process";

const needed = "from pyld import jsonld; from cryptography.hazmat.primitives.asymmetric import ed25519";

/** The Python that has pyld and cryptography, which check credentials beside the library that signs them; undefined where there is none. */
export const python: string | undefined = [process.env.FADDER_PYTHON, "/usr/bin/python3", "python3"]
  .filter((one) => one !== undefined)
  .find((one) => spawnSync(one, ["-c", needed]).status === 0);
if (python === undefined)
  console.warn("SKIPPED: no Python with pyld and cryptography (python3-pyld, python3-cryptography)");
