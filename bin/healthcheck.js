#!/usr/bin/env node
// Asks the server in this container whether it answers. Exit 0 or 1, for HEALTHCHECK.
const port = process.env.PORT || "3978";
const answered = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4_000) }).then(
  (response) => response.ok,
  () => false,
);
process.exitCode = answered ? 0 : 1;
